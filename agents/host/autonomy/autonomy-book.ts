import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, visit } from 'yaml';
import { type AutonomyRules, AutonomySchema, type AutonomyState, type Failure, type Outcome } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';

export const autonomyPath = (dataDir: string): string => join(dataDir, 'autonomy.yaml');

/** What holds where nothing is written: a person is asked for everything. */
const NO_RULES: AutonomyRules = AutonomySchema.parse({ version: 1 });
const MOST_BYTES = 65_536;

/** Reads rules. Fails with `bad-input`: the line and column, or the field, and what is wrong with it. */
export function parseAutonomy(text: string): Outcome<AutonomyRules> {
  const bad = (message: string): Outcome<never> => ({
    ok: false,
    failure: { code: 'bad-input', message, hint: 'quarterdeck autonomy --help shows an example.' },
  });
  if (Buffer.byteLength(text) > MOST_BYTES) return bad(`The rules are larger than ${MOST_BYTES / 1024} KiB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', uniqueKeys: true, merge: false });
  // A warning is a word with another meaning than it shows: a tag nobody knows.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return bad(`Line ${line}, column ${col} is not valid YAML: ${error.message.split('\n')[0] ?? ''}.`);
  }
  // One place, one meaning: what stands elsewhere under another name is easily overlooked.
  let alias = false;
  visit(document, {
    Alias: () => {
      alias = true;
      return visit.BREAK;
    },
  });
  if (alias) return bad('Aliases (*name) are not understood here: write it out.');
  const parsed = AutonomySchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range === undefined ? '' : `Line ${lines.linePos(node.range[0]).line}: `;
    return bad(`${line}${path.join('.') || 'the document'}: ${issue?.message ?? 'is not what it should be'}.`);
  }
  const twice = parsed.data.rules.find((rule, i) => parsed.data.rules.findIndex((r) => r.id === rule.id) !== i);
  if (twice !== undefined) return bad(`Two rules are called ${twice.id}; an entry of the log must name one.`);
  return { ok: true, value: parsed.data };
}

/**
 * The rules of the data directory. The file is read whenever something is asked, so that an edit by hand holds at once; while it cannot
 * be read or understood nothing can be approved.
 */
export class AutonomyBook {
  readonly path: string;
  #last: AutonomyState | undefined;

  constructor(dataDir: string) {
    this.path = autonomyPath(dataDir);
  }

  now(): AutonomyState {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return { path: this.path, version: '', text: '', rules: NO_RULES, problem: null };
      return {
        path: this.path,
        version: 'unreadable',
        text: '',
        rules: null,
        problem: `${this.path} cannot be read (${code ?? 'unknown error'}).`,
      };
    }
    if (this.#last?.text === text && this.#last.version !== '') return this.#last;
    const parsed = parseAutonomy(text);
    this.#last = {
      path: this.path,
      version: createHash('sha256').update(text).digest('hex').slice(0, 12),
      text,
      rules: parsed.ok ? parsed.value : null,
      problem: parsed.ok ? null : parsed.failure.message,
    };
    return this.#last;
  }

  /** Why nothing can be approved, if so. */
  refusal(): Failure | undefined {
    const { problem } = this.now();
    if (problem === null) return undefined;
    return {
      code: 'forbidden',
      message: `The rules in ${this.path} cannot be understood, so nothing is approved: ${problem}`,
      hint: 'Correct the file, or put it right with quarterdeck autonomy set FILE.',
    };
  }

  /** Fails with `bad-input` where the text is wrong, and writes nothing then; an empty text takes all rules away. */
  set(text: string): Outcome<AutonomyState> {
    const empty = text.trim() === '';
    const parsed = empty ? undefined : parseAutonomy(text);
    if (parsed?.ok === false) return parsed;
    try {
      if (empty) rmSync(this.path, { force: true });
      else replaceFile(this.path, text, 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return {
        ok: false,
        failure: {
          code: code === 'ENOSPC' ? 'data-dir-full' : 'data-dir-unwritable',
          message: `${this.path} cannot be written (${code ?? 'unknown error'}); the rules are as they were.`,
          hint: 'Check the rights of the data directory and the space on its disk.',
        },
      };
    }
    return { ok: true, value: this.now() };
  }
}
