import { LONGEST_LINE, cutOf } from '../../../core/knowledge/long-lines.ts';
import { asciidoc } from './markup/asciidoc.ts';
import { man } from './markup/man.ts';
import { markdown } from './markup/markdown.ts';
import { mediawiki } from './markup/mediawiki.ts';
import { org } from './markup/org.ts';
import { plain } from './markup/plain.ts';
import { rst } from './markup/rst.ts';
import { textile } from './markup/textile.ts';
import type { Writer } from './markup/writer.ts';

/** Forms in which people write texts, each with what writes its lines as Markdown; the words of a line stay as they are. */
const WRITERS = {
  asciidoc,
  rst,
  org,
  mediawiki,
  textile,
  man,
  plain,
  markdown: () => markdown(false),
  mdx: () => markdown(true),
} satisfies Readonly<Record<string, () => Writer>>;

export type Markup = keyof typeof WRITERS;
export const MARKUPS = Object.keys(WRITERS) as readonly Markup[];

export async function* asMarkdown(text: AsyncIterable<string>, markup: Markup): AsyncGenerator<string> {
  const writer = WRITERS[markup]();
  for await (const line of linesOf(text)) {
    const said = writer.line(line);
    if (said !== undefined) yield said;
  }
  const last = writer.end();
  if (last !== '') yield last;
}

/** Lines, the same wherever the text is cut into pieces. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (let line of lines) {
      for (line = line.replace(/\r$/, ''); line.length > LONGEST_LINE; line = line.slice(cutOf(line))) yield line.slice(0, cutOf(line));
      yield line;
    }
    // What comes next may be the half of an end of line.
    for (; rest.length > LONGEST_LINE + 1; rest = rest.slice(cutOf(rest))) yield rest.slice(0, cutOf(rest));
  }
  if (rest.length > LONGEST_LINE) {
    yield rest.slice(0, cutOf(rest));
    rest = rest.slice(cutOf(rest));
  }
  if (rest !== '') yield rest;
}
