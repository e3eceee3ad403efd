import { LogTemplates } from './log-templates.ts';
import { unwrapped } from './log-wrapping.ts';
import { StackLines } from './stack-lines.ts';

/** A file of log lines, one after the other: which template each belongs to, those included that continue another line. */

const MOST_JSON_LINES = 200;
const MOST_JSON = 32_768;

export class LogEvents {
  readonly templates = new LogTemplates();
  readonly #stack = new StackLines();
  readonly #forms: (form: number) => void;
  #last: number | undefined;
  #isPart = false;
  /** Lines of a JSON object that is written over many. */
  #json: string[] = [];

  /** `forms`: is told the form of each line, in order; of a JSON object over many lines when it has ended. */
  constructor(forms: (form: number) => void) {
    this.#forms = forms;
  }

  take(line: string): void {
    const { text, isPart } = unwrapped(this.#last === undefined && line.startsWith('\ufeff') ? line.slice(1) : line);
    const goesOn = this.#isPart;
    this.#isPart = isPart;
    if (this.#json.length > 0 || text === '{') this.#inJson(text);
    else this.#plain(text, goesOn);
  }

  /** Nothing follows. */
  end(): void {
    const open = this.#json;
    this.#json = [];
    for (const line of open) this.#plain(line, false);
  }

  #inJson(text: string): void {
    this.#json.push(text);
    if (text === '}' || text === '},') {
      const whole = this.#json.join('\n');
      const lines = this.#json.length;
      this.#json = [];
      const form = this.templates.add(whole.endsWith(',') ? whole.slice(0, -1) : whole);
      for (let i = 0; i < lines; i++) this.#forms(form);
      this.#last = form;
    } else if (this.#json.length > MOST_JSON_LINES || text.length > MOST_JSON || (this.#json.length > 1 && !/^[\s\]}]/.test(text)))
      this.end();
  }

  #plain(text: string, goesOn: boolean): void {
    const continues = this.#stack.continues(text) || goesOn;
    if (this.#last === undefined || !continues) this.#last = this.templates.add(text);
    this.#forms(this.#last);
  }
}
