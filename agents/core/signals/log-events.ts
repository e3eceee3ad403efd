import { LogTemplates } from './log-templates.ts';
import { unwrapped } from './log-wrapping.ts';
import { StackLines } from './stack-lines.ts';

/** A file of log lines, one after the other: which template each belongs to, those included that continue another line. */

const MOST_JSON_LINES = 200;
const MOST_JSON = 32_768;

/** A line that names the level and the place and says nothing: what it says stands indented under it, as .NET writes it. */
const HEAD = /^(?:\S+ ){0,2}(?:[a-z]{4,8}): [A-Za-z_][\w.+`]*\[\d+\]$/;
const INDENTED = /^(?: {2,}|\t)\S/;

export class LogEvents {
  readonly templates = new LogTemplates();
  readonly #stack = new StackLines();
  readonly #forms: (form: number) => void;
  #last: number | undefined;
  #isPart = false;
  /** Lines of a JSON object that is written over many. */
  #json: string[] = [];
  #head: string | undefined;
  #isUnderHead = false;

  /** `forms`: is told the form of each line, in order; of a JSON object over many lines when it has ended. */
  constructor(forms: (form: number) => void) {
    this.#forms = forms;
  }

  take(line: string): void {
    const { text, isPart } = unwrapped(this.#last === undefined && line.startsWith('\ufeff') ? line.slice(1) : line);
    const goesOn = this.#isPart;
    this.#isPart = isPart;
    if (this.#head !== undefined || this.#isUnderHead) {
      if (INDENTED.test(text)) return this.#underHead(text);
      this.#closeHead();
    }
    if (this.#json.length > 0 || text === '{') this.#inJson(text);
    else if (text.endsWith(']') && HEAD.test(text)) this.#head = text;
    else this.#plain(text, goesOn);
  }

  /** Nothing follows. */
  end(): void {
    this.#closeHead();
    const open = this.#json;
    this.#json = [];
    for (const line of open) this.#plain(line, false);
  }

  #underHead(text: string): void {
    if (this.#head !== undefined) {
      this.#last = this.templates.add(`${this.#head} ${text.trim()}`);
      this.#forms(this.#last);
    }
    this.#head = undefined;
    this.#isUnderHead = true;
    this.#forms(this.#last ?? this.templates.add(text));
  }

  /** A head under which nothing stands is a line like others. */
  #closeHead(): void {
    const head = this.#head;
    this.#head = undefined;
    this.#isUnderHead = false;
    if (head !== undefined) this.#plain(head, false);
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
