import type { KnowledgeHit } from '../../contract/index.ts';
import type { AnswerDraft } from './draft.ts';
import type { Unseen } from './scope.ts';

/** Said where nobody here knows. */
const UNKNOWN: Readonly<Record<Unseen, string>> = {
  toCome: 'That is not known here: what is to come stands in no cluster, and nothing that is written says it.',
  opinion: 'That is not known here: it is for people to judge, and nothing that is written does.',
  notKept: 'That is not known here: no cluster keeps it, and nothing that is written says it.',
  other: 'That is not known here: nothing that is written answers it.',
};

/** What else there is for whoever asks such things. */
const NEXT: Readonly<Record<string, string>> = {
  observability: 'Numbers over time: quarterdeck metrics query; what is unusual or runs out: quarterdeck metrics signals.',
  security: 'Who may do what: quarterdeck who-can get secrets, quarterdeck can-i create pods; who changed what: quarterdeck changes.',
  registry: 'Which images run: quarterdeck get pods -o wide; releases: quarterdeck helm list.',
  resolver: 'What is proposed: quarterdeck plans.',
};

/** @param near pages on something near to it, which a person may look at */
export function sayUnknown(draft: AnswerDraft, scope: Unseen, agent: string, near: readonly Pick<KnowledgeHit, 'source' | 'path'>[]): void {
  draft.say('unknown', UNKNOWN[scope]);
  const pages = [...new Set(near.map(({ source, path }) => (source === path ? path : `${source}/${path}`)))];
  if (pages.length > 0) draft.say('more', `Your team has written on something near to it: ${pages.join(', ')}.`);
  draft.say('next', NEXT[agent] ?? 'Add what your team has written with quarterdeck knowledge add PATH, or ask in other words.');
}
