import { personHere } from '../person.ts';
import { EXIT } from './exit.ts';
import { words } from './hold.ts';
import { show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = (_, flags) =>
  withSession(
    flags,
    async ({ client }) => {
      const hold = await client.hold.release({ by: personHere() });
      show(flags, hold, () => words(hold));
      return EXIT.ok;
    },
    false,
  );
