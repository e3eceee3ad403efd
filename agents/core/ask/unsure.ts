import { choose } from '../questions/choose.ts';
import type { Asked } from '../questions/question.ts';
import type { ForWhom } from './classify.ts';

/** What each agent knows, as told to a model that is to name one. */
const KNOWS: Readonly<Record<string, string>> = {
  troubleshooting: 'finds out why something in a cluster does not work: crashes, errors, what cannot start or be reached',
  observability: 'metrics and logs over time: how much, how fast, what is unusual, when a limit will be reached',
  security: 'rights and weaknesses: who may do what, what is exposed, what is known to be vulnerable',
  registry: 'container images: which version runs, tags, layers, signatures, where an image comes from',
  backup: 'backups and restores: when the last one was made, whether it can be restored, bringing data back',
  certificate: 'certificates and encryption of connections: when they end, who issued them, renewing them',
  documentation: 'what is written and what was before: how something is done, what a word means, past incidents',
  resolver: 'changes: carries out, takes back, approves or rejects a repair or a plan',
};

/** Above this the signs and words in a request leave no doubt worth a question. */
const SURE = 0.6;
/** Who is less than a third as likely as the first is no other reading of the request. */
const AS_LIKELY = 0.3;

/**
 * The question whom a request is for, among those it may as well be for. Undefined where that is clear. It decides who answers and how
 * it is looked for; nobody may do more in a cluster for having been named.
 */
export function whomAsked(request: string, forWhom: ForWhom, names: readonly string[]): Asked<readonly string[]> | undefined {
  const [first] = forWhom;
  if (first === undefined || first.chance >= SURE) return undefined;
  const likely = forWhom.filter((f) => f.chance >= AS_LIKELY * first.chance);
  if (likely.length < 2) return undefined;
  const options = likely.map(({ agent }) => ({ id: agent, text: KNOWS[agent] ?? agent }));
  return choose({ id: 'nameAgent', about: null, situation: request, options, most: 1, names });
}

/** The same with the one that was named in front. */
export const named = (forWhom: ForWhom, agent: string): ForWhom => [
  ...forWhom.filter((f) => f.agent === agent),
  ...forWhom.filter((f) => f.agent !== agent),
];
