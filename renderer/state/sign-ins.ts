import type { Envelope } from '../../agents/contract/index.ts';

/** A login that waits for the person: its own words, an address to open or a code to enter. */
export interface SignIn {
  readonly seq: number;
  readonly context: string;
  readonly user: string;
  readonly text: string;
}

/** Those that were asked for and have not ended, one for each cluster and user, newest first. `feed` is newest first. */
export function openSignIns(feed: readonly Envelope[]): readonly SignIn[] {
  const told = new Set<string>();
  return feed.flatMap(({ seq, event }): SignIn[] => {
    if (event.type === 'app.started') {
      // What was asked before belongs to a process that is gone.
      told.add('all');
      return [];
    }
    if (event.type !== 'signIn.asked' && event.type !== 'signIn.ended') return [];
    const key = `${event.context}\n${event.user}`;
    if (told.has('all') || told.has(key)) return [];
    told.add(key);
    return event.type === 'signIn.asked' ? [{ seq, context: event.context, user: event.user, text: event.text }] : [];
  });
}

export type Piece = { readonly text: string } | { readonly href: string };

/** The text with the addresses in it apart: only https ones may be pressed. */
export function piecesOf(text: string): readonly Piece[] {
  return text.split(/(https:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)])/u).flatMap((part, i): Piece[] => {
    if (part === '') return [];
    return i % 2 === 1 && URL.canParse(part) ? [{ href: part }] : [{ text: part }];
  });
}
