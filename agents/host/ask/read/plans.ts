import type { Plan } from '../../../contract/index.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import type { AskParts, Turn } from '../turn.ts';
import { timeAsked } from './time-asked.ts';

const SHOWN = 8;
/** Something was changed, or was about to be. */
const DONE: ReadonlySet<Plan['state']> = new Set([
  'acting',
  'verifying',
  'done',
  'rollingBack',
  'rolledBack',
  'rollbackFailed',
  'failed',
  'needsReview',
]);

/** Plans that wait for a decision, or what was done of them in the time that was said, else within a day; in all clusters. */
export async function tellPlans(parts: AskParts, turn: Turn, { done }: Topic & { of: 'plans' }): Promise<void> {
  const time = timeAsked(parts, turn);
  const [from, to] = [time.from, time.to].map((ms) => new Date(ms).toISOString()) as [string, string];
  const plans = await parts.store.plans();
  const own = plans.filter((p) =>
    done ? DONE.has(p.state) && (p.decidedAt ?? '') >= from && (p.decidedAt ?? '') <= to : p.state === 'awaitingApproval',
  );
  turn.foundIn(done ? 'past' : 'plan');
  if (own.length === 0) {
    turn.draft.say(
      'well',
      done
        ? `No plan was carried out ${time.words === undefined ? 'within the last day' : `in that time (${time.words})`}.`
        : 'No plan waits for a decision.',
    );
    return;
  }
  const lines = own
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .slice(0, SHOWN)
    .map((p) => (done ? doneWords(p) : `${p.context}: ${p.title} (risk ${p.risk}, since ${p.createdAt}): quarterdeck plans ${p.id}`));
  const source = done ? 'quarterdeck events' : 'quarterdeck plans';
  const cited = { kind: 'read', context: null, of: 'plans', resource: null, source, text: lines.join('\n') } as const;
  for (const text of lines) turn.draft.quote(done ? 'Done' : 'Waiting', text, cited);
  if (own.length > SHOWN) turn.draft.say('more', `${own.length - SHOWN} more: ${source}.`);
}

const doneWords = ({ context, title, state, decidedBy, decidedAt }: Plan): string =>
  `${decidedAt ?? ''} ${context}: ${title} (${state}${decidedBy === undefined ? '' : `, approved by ${decidedBy}`})`.trim();
