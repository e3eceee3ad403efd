import type { Change } from '../../contract/index.ts';

/** Which changes a question is about: those that deleted, scaled or rolled out something, and those of one who wrote them. */
export interface ChangesAsked {
  readonly isMeant: (change: Change) => boolean;
  /** What there is none of: "change", "deletion". */
  readonly words: string;
  /** Who wrote them, by the name that was said. */
  readonly by: string | undefined;
  /** Only the newest is asked for. */
  readonly last: boolean;
}

const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const writes = ({ fields }: Change, path: RegExp): boolean => fields.some((f) => path.test(f.path));

const DONE: readonly (readonly [said: RegExp, words: string, isMeant: (change: Change) => boolean])[] = [
  [/\b(?:deleted?|removed?)\b/, 'deletion', ({ type }) => type === 'deleted'],
  [/\b(?:created?|added)\b/, 'creation', ({ type }) => type === 'created'],
  [/\bscaled?\b/, 'scaling', (c) => c.type === 'changed' && writes(c, /(?:^|\.)replicas$/)],
  [
    /\b(?:deployed|deployments?|rolled out|rollouts?|released?|releases)\b/,
    'rollout',
    (c) => ROLLED_OUT.has(c.resource.kind) && (c.type === 'created' || writes(c, /^spec\.template\b/)),
  ],
];
const BY =
  /\bwhat (?:did|has|have) (?:the )?([a-z0-9][\w@.:-]*) (?:\w+ )?(?:change|edit|deploy|touch|update|release|modif|scale|delete|create|do)\w*\b|\bchange[sd]? (?:made )?by (?:the )?([a-z0-9][\w@.:-]*)/;
const EVERYBODY: ReadonlySet<string> = new Set([
  'we',
  'i',
  'you',
  'they',
  'somebody',
  'someone',
  'anybody',
  'anyone',
  'people',
  'whom',
  'who',
  'just',
  'been',
  'recently',
  'there',
]);

export function changesAsked(question: string): ChangesAsked {
  const text = question.toLowerCase();
  const [, words = 'change', isDone = () => true] = DONE.find(([said]) => said.test(text)) ?? [];
  const [, one, other] = BY.exec(text) ?? [];
  const said = one ?? other;
  const by = said === undefined || EVERYBODY.has(said) ? undefined : said;
  return {
    isMeant: (c) => isDone(c) && (by === undefined || (c.by?.manager.toLowerCase().includes(by) ?? false)),
    words,
    by,
    last: /\bwhen\b.*\blast\b|\b(?:the )?(?:last|latest) (?:change|deployment|rollout|release|edit)\b/.test(text),
  };
}
