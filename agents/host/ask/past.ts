import type { ContextName } from '../../contract/index.ts';
import type { NamedRef } from '../../core/ask/answering.ts';
import { sayLately, sayPast } from '../../core/ask/compose.ts';
import { endedLately, latestAbout } from '../../core/ask/lately.ts';
import { type Likeness, searchPast } from './documentation.ts';
import { incidentsOf } from './incidents.ts';
import type { AskParts, Turn } from './turn.ts';

/** What was wrong with what was named, and is over since a short while; nothing where there was nothing. */
export async function tellLately(parts: AskParts, turn: Turn, context: ContextName, refs: readonly NamedRef[] | undefined): Promise<void> {
  const { namespaces } = turn.about;
  if (refs === undefined && namespaces.length === 0) return;
  const times = endedLately(await parts.past.all(), context, parts.ports.clock.now());
  if (times.length === 0) return;
  const incidents = await incidentsOf(
    parts,
    times.map((t) => t.id),
  );
  const found = latestAbout(times, incidents, { namespaces, ...(refs === undefined ? {} : { refs }) });
  if (found === undefined) return;
  sayLately(turn.draft, found.time, found.incident.plans);
  turn.isAbout({ incidents: [found.incident.id] });
}

const MOST = 3;

/** Whether something like it was there before, told. */
export async function tellPast(parts: AskParts, turn: Turn, likeness: Likeness): Promise<boolean> {
  turn.tell('Looking at what was before');
  const answer = await searchPast(parts, likeness, MOST);
  if (!answer.ok) {
    turn.draft.say('nobody', `What was before is not known now: ${answer.failure.message}`);
    return false;
  }
  const { incidents } = answer.value;
  for (const past of incidents) sayPast(turn.draft, past);
  if (incidents.length === 0) return false;
  turn.foundIn('past');
  if (turn.about.incidents.length === 0) turn.isAbout({ incidents: incidents.map((i) => i.id) });
  return true;
}
