/** Which lines belong to the one before them: the lines of a stack trace, what stands between its parts, and empty lines. */

const FRAME =
  /^(?:\s+at\s|\s*\.{3} \d+ (?:more|common frames)|\s*Caused by: |\s+Suppressed: |\s+File ".*", line \d+|\t|\s*-{3} End of |\s+\d+: \S|\s+[~^]+\s*$|\s+from \S+:\d+)/;
/** The head of a trace of Java or JavaScript, without a time before it. */
const THROWN = /^(?:[a-z][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error)(?: \[\w+\])?(?::|$)/;
/** Of what is thrown under a line that says that something failed, the name need not end so: packages and a class are enough. */
const THROWN_BY_NAME = /^(?:[a-z_$][\w$]*\.){2,}[A-Z][\w$]*(?:: |$)/;
const PYTHON = /Traceback \(most recent call last\):\s*$/;
const FAILED = /\b(?:ERROR|CRITICAL|FATAL|error|critical|fatal|[Ee]xception)\b/;
/** Between the tracebacks of exceptions that came of one another. */
const PYTHON_LINK = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const GO_HEAD = /^(?:panic: |fatal error: |goroutine \d+ \[)/;
const GO = /^(?:\t|goroutine \d+ \[|\[signal |created by |panic: |\.{3}|exit status \d+$|r[a-z0-9]{1,3}\s+0x|[\w./*()[\]{}·$-]+\(.*\)$)/;
/** Rust and PHP. */
const OTHERS = /^(?:#\d+ |stack backtrace:|Stack trace:|note: run with `RUST_BACKTRACE)/;

export class StackLines {
  #within: 'python' | 'go' | 'fields' | undefined;
  /** Of the line above: a trace of Python under it is its own. */
  #failed = false;
  #began = false;

  /** Whether this line continues the one before it. Lines must come in order. */
  continues(line: string): boolean {
    const code = line.charCodeAt(0);
    if (this.#within !== undefined) {
      const still = this.#goesOn(line);
      if (still !== undefined) return still;
    }
    // Nearly all lines begin with none of these; they are not held against the patterns.
    if (Number.isNaN(code) || ((code === 32 || code === 9 || code === 13) && line.trim() === '')) return this.#began;
    this.#began = true;
    if (code === 84 || line.endsWith('last):')) {
      if (PYTHON.test(line)) {
        this.#within = 'python';
        return this.#failed;
      }
      if (PYTHON_LINK.test(line)) return true;
    }
    if (code === 68 && PYTHON_LINK.test(line)) return true;
    if ((code === 103 || code === 112 || code === 102) && GO_HEAD.test(line)) {
      this.#within = 'go';
      return code === 103;
    }
    if (code === 32 || code === 9 || code === 67 || code === 46 || code === 45) {
      if (FRAME.test(line)) {
        // Node writes the fields of an error under its last frame, in braces.
        if (line.endsWith(' {')) this.#within = 'fields';
        return true;
      }
    } else if (
      THROWN.test(line) ||
      (this.#failed && THROWN_BY_NAME.test(line)) ||
      ((code === 35 || code === 83 || code === 115 || code === 110) && OTHERS.test(line))
    )
      return true;
    this.#failed = FAILED.test(line);
    return false;
  }

  /** Undefined where the trace is over, and the line is one of its own. */
  #goesOn(line: string): boolean | undefined {
    if (this.#within === 'python') {
      // The traceback ends with the exception, which is not indented any more.
      if (line !== '' && !/^\s/.test(line)) this.#within = undefined;
      return true;
    }
    if (this.#within === 'fields') {
      if (!/^\s/.test(line)) this.#within = undefined;
      return /^[\s}]/.test(line) ? true : undefined;
    }
    if (line.trim() === '' || GO.test(line)) return true;
    this.#within = undefined;
    return undefined;
  }
}
