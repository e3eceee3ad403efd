import { sayPast } from '../../core/ask/compose.ts';
import { type Likeness, searchPast } from './documentation.ts';
import type { AskParts, Turn } from './turn.ts';

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
