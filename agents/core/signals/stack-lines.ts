/** Which lines belong to the one before them: the lines of a stack trace. */

const FRAME = /^(?:\s+at\s|\s*\.{3} \d+ (?:more|common frames)|\s*Caused by: |\s+Suppressed: |\s+File ".*", line \d+|\t)/;
/** The head of a trace of Java or JavaScript, without a time before it. */
const THROWN = /^(?:[a-z][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error)(?::|$)/;
const PYTHON = /Traceback \(most recent call last\):\s*$/;
const GO = /^goroutine \d+ \[/;

export class StackLines {
  #within: 'python' | 'go' | undefined;

  /** Whether this line continues the one before it. Lines must come in order. */
  continues(line: string): boolean {
    if (this.#within === 'python') {
      // The traceback ends with the exception, which is not indented any more.
      if (!/^\s/.test(line)) this.#within = undefined;
      return true;
    }
    if (this.#within === 'go') {
      if (line.trim() !== '') return true;
      this.#within = undefined;
      return false;
    }
    const code = line.charCodeAt(0);
    // Nearly all lines begin with none of these; they are not held against the patterns.
    if (code === 84 || line.endsWith('last):')) {
      if (PYTHON.test(line)) this.#within = 'python';
      return false;
    }
    if (code === 103 && GO.test(line)) {
      this.#within = 'go';
      return true;
    }
    return THROWN.test(line) || ((code === 32 || code === 9 || code === 67 || code === 46) && FRAME.test(line));
  }
}
