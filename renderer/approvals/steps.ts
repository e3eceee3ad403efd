import type { Plan, PlanState } from '../../agents/contract/index.ts';

/** The road as people follow it. */
export const STEPS = ['Rehearsed', 'Approved', 'Carried out', 'Verified', 'Done'] as const;
type Step = 'past' | 'now' | 'ahead' | 'broken';

/** The state of each step, or undefined where the plan never set out. */
export function stepsOf(state: PlanState): readonly Step[] | undefined {
  switch (state) {
    case 'acting':
      return ['past', 'past', 'now', 'ahead', 'ahead'];
    case 'verifying':
      return ['past', 'past', 'past', 'now', 'ahead'];
    case 'done':
      return ['past', 'past', 'past', 'past', 'past'];
    case 'rollingBack':
    case 'rolledBack':
      return ['past', 'past', 'past', 'broken', 'ahead'];
    case 'failed':
    case 'rollbackFailed':
    case 'needsReview':
      return ['past', 'past', 'broken', 'ahead', 'ahead'];
    default:
      return undefined;
  }
}

/** How it stands, in a sentence. */
export function endWords({ state, reason, decidedBy, stableForSeconds }: Plan): string {
  const by = decidedBy ?? 'somebody';
  const because = reason === undefined || reason === '' ? '' : `: ${reason}`;
  switch (state) {
    case 'acting':
      return `${by} approved. It is being carried out.`;
    case 'verifying':
      return `Carried out. Watching whether it helped${because}`;
    case 'done':
      return `Verified${because === '' ? ` for ${stableForSeconds} s` : because}. Approved by ${by}.`;
    case 'rollingBack':
      return `It is being taken back${because}`;
    case 'rolledBack':
      return `Taken back${because}`;
    case 'rollbackFailed':
      return `It could not be taken back${because}. Somebody must look at the object.`;
    case 'rejected':
      return `${by} rejected it${because}`;
    case 'refused':
      return `It cannot be done${because}`;
    case 'expired':
      return 'It expired without a decision.';
    case 'abandoned':
      return `It was abandoned${because}`;
    case 'needsReview':
      return `Quarterdeck ended while it was carried out${because}. Look at the object before anything else.`;
    case 'failed':
      return `It failed${because}`;
    default:
      return '';
  }
}

/** A state in a word or two. */
export const STATE_WORDS: Partial<Record<PlanState, string>> = {
  preflight: 'looked at',
  dryRunning: 'rehearsed',
  acting: 'being carried out',
  verifying: 'being verified',
  done: 'verified',
  rollingBack: 'being taken back',
  rolledBack: 'taken back',
  rollbackFailed: 'could not be taken back',
  needsReview: 'needs a look',
};
