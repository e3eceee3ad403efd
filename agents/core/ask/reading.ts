import { type Mentions, type NamedObject, mentionsIn } from './mentions.ts';
import { type Scope, scopeOf } from './scope.ts';
import type { Understood } from './understand.ts';

/** A question as it reads beside one cluster. */
export interface Reading {
  readonly mentions: Mentions;
  /** Something is named: an object, a namespace, what looks like a name, or the cluster itself. */
  readonly isNamed: boolean;
  /** What it asks for, its names aside. */
  readonly scope: Scope;
}

interface Place {
  readonly context: string;
  readonly objects: readonly NamedObject[];
  readonly kindOf: (word: string) => string | undefined;
}

export function readIn({ context, objects, kindOf }: Place, question: string, understood: Understood): Reading {
  const rest = withoutWord(question, context);
  const mentions = mentionsIn(rest, objects, kindOf);
  const named = mentions.exact.length + mentions.objects.length + mentions.namespaces.length + mentions.unknown.length;
  return { mentions, isNamed: named > 0 || rest !== question, scope: scopeHere(question, understood, mentions, context) };
}

/** The name of the cluster is no name of something in it. */
const withoutWord = (question: string, word: string) =>
  question
    .split(/\s+/)
    .filter((w) => w.toLowerCase().replace(/[?.,!]+$/, '') !== word.toLowerCase())
    .join(' ');

/** One of nothing but names asks how these are. */
function scopeHere(question: string, understood: Understood, mentions: Mentions, context: string): Scope {
  if (understood.intent !== 'look' || understood.pointsBack) return 'seen';
  const { exact, objects, namespaces, taken, unknown } = mentions;
  const names = [...exact, ...objects].map((o) => o.name);
  const said = new Set([...names, ...namespaces, ...unknown, ...taken.map((t) => t.said), context].map((n) => n.toLowerCase()));
  const rest = question.split(/\s+/).filter((w) => !said.has(w.toLowerCase().replace(/^[a-z.]+\/|[?.,!:;'"]+$/g, '')));
  return scopeOf(rest.join(' '));
}
