const FENCE = /^ {0,3}(?:`{3,}|~{3,}).*$/gm;

/** The parts of a text that can be quoted by themselves, in its order and each as it stands there: sentences, and blocks of code. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let opened: number | undefined;
  for (const { index, 0: fence } of text.matchAll(FENCE)) {
    if (opened === undefined) {
      pieces.push(...sentencesIn(text.slice(from, index)));
      opened = index;
    } else {
      from = index + fence.length;
      pieces.push(text.slice(opened, from));
      opened = undefined;
    }
  }
  // A block that is not closed goes to the end.
  pieces.push(...(opened === undefined ? sentencesIn(text.slice(from)) : [text.slice(opened).trimEnd()]));
  return pieces;
}

/** The sentences of a text outside of code, each as it stands there. */
export const sentencesOf = (text: string): string[] => text.split(FENCE).flatMap((part, i) => (i % 2 === 0 ? sentencesIn(part) : []));

const sentencesIn = (prose: string): string[] =>
  prose
    .split(/(?<=[.!?;])\s+(?=[\p{Lu}\p{N}"“(])|\n{2,}|\n(?=\s*(?:[-*+]|\d+[.)])\s)/u)
    .map((s) => s.trim())
    .filter((s) => /\p{L}/u.test(s) && !/^#{1,6} /.test(s));
