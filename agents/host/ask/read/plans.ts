import type { Plan } from '../../../contract/index.ts';
import { timeSaid } from '../../../core/ask/time-said.ts';
import type { Topic } from '../../../core/ask/topics.ts';
import type { AskParts, Turn } from '../turn.ts';

const SHOWN = 8;
const DAY_MS = 86_400_000;
const WAITS: ReadonlySet<Plan['state']> = new Set(['awaitingApproval']);
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
export async function tellPlans({ ports, store }: AskParts, turn: Turn, { done }: Topic & { of: 'plans' }): Promise<void> {
  const now = ports.clock.now();
  const said = timeSaid(turn.begun.question, { now, dayBegan: new Date(now).setHours(0, 0, 0, 0) });
  const from = new Date(said?.from ?? now - DAY_MS).toISOString();
  const to = new Date(said?.to ?? now).toISOString();
  const plans = await store.plans();
  const own = plans.filter((p) =>
    done ? DONE.has(p.state) && (p.decidedAt ?? '') >= from && (p.decidedAt ?? '') <= to : WAITS.has(p.state),
  );
  turn.foundIn(done ? 'past' : 'plan');
  if (own.length === 0) {
    turn.draft.say(
      'well',
      done
        ? `No plan was carried out ${said === undefined ? 'within the last day' : `in that time (${said.words})`}.`
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
