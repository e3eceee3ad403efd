import { type Mentions, type NamedObject, mentionsIn } from './mentions.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { Understood } from './understand.ts';

/** A question as it reads beside one cluster. */
export interface Reading {
  readonly mentions: Mentions;
  /** Something is named: an object, a namespace, what looks like a name, or the cluster itself. */
  readonly isNamed: boolean;
  /** The question without what is named in it. */
  readonly rest: string;
  /** What that asks for. */
  readonly scope: Scope;
}

interface Place {
  readonly context: string;
  readonly objects: readonly NamedObject[];
  readonly kindOf: (word: string) => string | undefined;
}

export function readIn({ context, objects, kindOf }: Place, question: string, understood: Understood): Reading {
  const here = withoutWord(question, context);
  const mentions = mentionsIn(here, objects, kindOf);
  const named = mentions.exact.length + mentions.objects.length + mentions.namespaces.length + mentions.unknown.length;
  const rest = withoutNames(question, mentions, context);
  // One of nothing but names asks how these are.
  const scope = understood.intent !== 'look' || understood.pointsBack ? 'seen' : scopeOf(rest);
  return { mentions, isNamed: named > 0 || here !== question, rest, scope };
}

/** The name of the cluster is no name of something in it. */
const withoutWord = (question: string, word: string) =>
  question
    .split(/\s+/)
    .filter((w) => w.toLowerCase().replace(/[?.,!]+$/, '') !== word.toLowerCase())
    .join(' ');

function withoutNames(question: string, { exact, objects, namespaces, taken, unknown }: Mentions, context: string): string {
  const names = [...exact, ...objects].map((o) => o.name);
  const said = new Set([...names, ...namespaces, ...unknown, ...taken.map((t) => t.said), context].map((n) => n.toLowerCase()));
  return question
    .split(/\s+/)
    .filter((w) => !said.has(w.toLowerCase().replace(/^[a-z.]+\/|(?:['’]s)?[?.,!:;'"]*$/g, '')))
    .join(' ');
}
