import type { Hold } from '../../contract/index.ts';
import { personHere } from '../person.ts';
import { EXIT } from './exit.ts';
import { show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([action], flags) =>
  withSession(
    flags,
    async ({ client }) => {
      const reason = typeof flags['reason'] === 'string' && flags['reason'].trim() !== '' ? { reason: flags['reason'].trim() } : {};
      const hold = action === 'status' ? await client.hold.get({}) : await client.hold.set({ by: personHere(), ...reason });
      show(flags, hold, () => words(hold));
      return EXIT.ok;
    },
    false,
  );

export function words({ held, by, at, reason }: Hold): string {
  if (!held) return 'The agents are not held.';
  return `All agents are held${by === null ? '' : ` by ${by}`}${at === null ? '' : ` since ${at}`}${reason === null ? '' : `: ${reason}`}\nThey go on watching; nothing is proposed, approved or changed. quarterdeck release lets them go on.`;
}
