import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** Documents of a team that does not exist, in some thirty forms as their programs write them. */
export const WRITTEN = fileURLToPath(new URL('./written/', import.meta.url));

const StatementsSchema = z.record(z.string(), z.array(z.strictObject({ id: z.string(), under: z.string(), says: z.string() })));
const QuestionsSchema = z.strictObject({
  answered: z.array(z.strictObject({ by: z.string(), words: z.enum(['same', 'other']), ask: z.string() })),
  near: z.array(z.strictObject({ kind: z.string(), ask: z.string() })),
});

const read = (name: string): unknown => parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export interface Statement {
  /** Of its file in `WRITTEN`. */
  readonly path: string;
  readonly id: string;
  /** The heading it stands under; empty where any will do. */
  readonly under: string;
  readonly says: string;
}

export const statements = (): Statement[] =>
  Object.entries(StatementsSchema.parse(read('./statements.yaml'))).flatMap(([path, all]) => all.map((one) => ({ path, ...one })));

export const questions = () => QuestionsSchema.parse(read('./questions.yaml'));

/** Words alone, without the marks of Markdown and the ends of lines. */
export const wordsOf = (text: string): string =>
  text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\\(?=[#`~\-|*_[])/g, '')
    .replaceAll(/^\s*(?:>|[-+]|\d+\.)\s+/gm, ' ')
    .replaceAll(/[*`|]+/g, ' ')
    .replaceAll(/(?<!\w)_+|_+(?!\w)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,.;:])/g, '$1')
    .trim()
    .toLowerCase();

export const says = (text: string, statement: Pick<Statement, 'says'>): boolean => wordsOf(text).includes(wordsOf(statement.says));

/** Marks of the forms that are left in a text, outside of code: signs that a reader sees and that mean nothing to them. */
export function rubbishIn(text: string): string | undefined {
  const prose = text.replaceAll(/^[ \t]*(`{3,})[^]*?^[ \t]*\1[ \t]*$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return RUBBISH.exec(prose)?.[0];
}
const RUBBISH =
  /<\/?(?!https?:)[a-z][^<>]*>|\{\{|\}\}|^\s*:::|^\s*!!! |^\?\?\? |^=== "|^\s*\.\. |:(?:ref|doc|term|envvar):|\[\[|\]\]|^import .* from |^export const|^#\+|:PROPERTIES:|^CLOSED:|SCHEDULED:|CLOCK:|=[0-9A-F]{2}|&(?:[a-z]+|#\d+);|\\[a-z]+\d* |^\.(?:TP|SH|B|I|BR|IR|TH|nf|fi)\b|\[\^\w+\]|%%|"cell_type"|<<\w|\|===|\{\s*\.\w|\{#|--8<--|\+\+\+|\ufeff|^==+|''|__TOC__|\\par|\[!\w+\]|\{\/\*|<!--|Content-Type|DKIM|\{%|\ufffd|bc\. |h2\(|p\(|\|_\./m;
