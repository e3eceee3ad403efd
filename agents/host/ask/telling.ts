import type { ContextName, Failure, IncidentWithPlans } from '../../contract/index.ts';
import { nameIncident, sayCause, sayIncident, sayMeaning, sayPast, sayPlan, sayRepair, sayWhy } from '../../core/ask/compose.ts';
import { MEANING, passagesAbout } from '../../core/ask/passages.ts';
import { likenessOf } from '../incidents/likeness.ts';
import { searchPast, searchWritten } from './documentation.ts';
import { incidentsOf } from './incidents.ts';
import { tellPast } from './past.ts';
import type { AskParts, Turn } from './turn.ts';
import { tellWrittenBeside } from './written.ts';

/** Other incidents that are named beside the one that is told. */
const MOST_NAMED = 4;
const PASSAGES = 5;
/** Less alike than this an incident that is over is another story. */
const TELLING = 0.6;

/** What was asked about incidents that are known by now. */
export async function tellSpokenOf(parts: AskParts, turn: Turn, incidents: readonly IncidentWithPlans[]): Promise<void> {
  const { draft } = turn;
  const { incident, plan, intent } = turn.begun.understood;
  const [first] = incidents;
  if (first === undefined) {
    draft.say('notThere', `There is no ${incident === undefined ? `plan ${plan ?? ''}` : `incident ${incident}`}.`);
    return;
  }
  turn.foundIn('cluster');
  turn.isAbout({ context: first.context, incidents: incidents.map((i) => i.id) });
  turn.offer(first);
  switch (intent) {
    case 'why':
      sayWhy(draft, first);
      return;
    case 'repair':
      turn.foundIn('plan');
      sayRepair(draft, first);
      return;
    case 'past':
      if (await tellPast(parts, turn, likenessOf(first))) return;
      turn.notFoundIn('past');
      draft.say('nothingBefore', 'Nothing like it is in the log that is kept here.');
      return;
    default:
      if (intent === 'other' && incidents.length === 1) draft.say('more', 'There was only one.');
      await tellWithBeside(parts, turn, first);
  }
}

/** What a look found, the worst first; the others are named. */
export async function tellFound(
  parts: AskParts,
  turn: Turn,
  first: IncidentWithPlans,
  others: readonly IncidentWithPlans[],
): Promise<void> {
  const { draft } = turn;
  turn.offer(first);
  if (turn.begun.understood.intent === 'repair') {
    turn.foundIn('plan');
    sayCause(draft, first);
    sayRepair(draft, first);
  } else await tellWithBeside(parts, turn, first);
  nameOthers(turn, others);
  if (others.length > MOST_NAMED) draft.say('more', `${others.length - MOST_NAMED} more incidents: quarterdeck incidents lists them.`);
}

/** Where a cluster cannot be looked at: what was known of it, else what is written. */
export async function tellLastKnown(parts: AskParts, turn: Turn, context: ContextName | null, failure: Failure): Promise<void> {
  turn.failed('unreachable', failure);
  const open = parts.book.open().filter((i) => i.context === context);
  const known = await incidentsOf(
    parts,
    open.map((i) => i.id),
  );
  const [first, ...others] = known;
  if (first === undefined) return tellWrittenBeside(parts, turn);
  turn.draft.say('about', `This was known of it at ${first.lastSeen}.`);
  turn.foundIn('cluster');
  turn.isAbout({ incidents: known.map((i) => i.id) });
  sayIncident(turn.draft, first, turn.begun.question);
  nameOthers(turn, others);
}

function nameOthers({ draft }: Turn, others: readonly IncidentWithPlans[]): void {
  for (const other of others.slice(0, MOST_NAMED)) nameIncident(draft, other);
}

/** An incident, and beside it when it was there before, what is written about it, and what would help. */
async function tellWithBeside(parts: AskParts, turn: Turn, incident: IncidentWithPlans): Promise<void> {
  const { draft } = turn;
  sayIncident(draft, incident, turn.begun.question);
  turn.tell('Looking at what was before, and what is written');
  const { code } = incident.rootCause;
  const [past, pages] = await Promise.all([
    searchPast(parts, likenessOf(incident), 1),
    searchWritten(parts, `${code} what it means`, PASSAGES),
  ]);
  const [likest] = past.ok ? past.value.incidents : [];
  if (likest !== undefined && likest.score >= TELLING) sayPast(draft, likest);
  if (pages.ok) sayMeaning(draft, passagesAbout(code, MEANING, pages.value.results));
  if (!past.ok) draft.say('nobody', `What was before, and what is written, is not known now: ${past.failure.message}`);
  const plan = incident.plans.find((p) => p.state === 'awaitingApproval');
  if (plan !== undefined) sayPlan(draft, plan);
}
