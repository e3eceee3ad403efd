import type { Answer, Citation, Sentence } from '../../contract/ask.ts';

type WithoutNumber<C> = C extends Citation ? Omit<C, 'n'> : never;
/** A citation that has no number yet. */
export type Cited = WithoutNumber<Citation>;

/** An answer while it is put together: a thing that is cited twice has one number. */
export class AnswerDraft {
  readonly sentences: Sentence[] = [];
  readonly citations: Citation[] = [];

  /** A sentence that claims something: quoted, word for word, from what it cites. */
  quote(lead: Sentence['lead'], text: string, ...cited: readonly Cited[]): void {
    this.sentences.push({ frame: null, lead, text, cites: cited.map((c) => this.#number(c)) });
  }

  /** A sentence of our own that claims nothing; what was said already is not said again. */
  say(frame: NonNullable<Sentence['frame']>, text: string): void {
    if (this.sentences.some((s) => s.frame === frame && s.text === text)) return;
    this.sentences.push({ frame, lead: null, text, cites: [] });
  }

  #number(cited: Cited): number {
    const known = this.citations.find((c) => placeOf(c) === placeOf(cited));
    if (known !== undefined) return known.n;
    const n = this.citations.length + 1;
    this.citations.push({ ...cited, n });
    return n;
  }
}

/** What a citation leads to, and what it says there. */
function placeOf(cited: Cited): string {
  switch (cited.kind) {
    case 'passage':
      return `passage ${cited.id}`;
    case 'plan':
      return `plan ${cited.id}`;
    case 'incident':
      return `incident ${cited.id}`;
    case 'past':
      return `past ${cited.incident} ${cited.opened}`;
    case 'read':
      return `read ${cited.source} ${cited.text}`;
    default:
      return `${cited.kind} ${cited.incident ?? ''} ${cited.text}`;
  }
}

/** The sentences as a text, each with the numbers of what it rests on. */
export function answerText(sentences: readonly Sentence[]): string {
  return sentences
    .map(({ lead, text, cites }) => {
      const numbers = cites.map((c) => `[${c}]`).join('');
      const said = text.includes('\n') ? `\n${text}\n` : text;
      return `${lead === null ? '' : `${lead}: `}${said}${numbers === '' ? '' : ` ${numbers}`}`;
    })
    .join('\n');
}

/** Sentences that claim something which nothing they cite says word for word: none, in an answer that was put together here. */
export function uncited({ sentences, citations }: Pick<Answer, 'sentences' | 'citations'>): Sentence[] {
  const byNumber = new Map(citations.map((c) => [c.n, c.text]));
  return sentences.filter(({ frame, text, cites }) =>
    frame === null ? !cites.some((n) => byNumber.get(n)?.includes(text) === true) : cites.length > 0,
  );
}
