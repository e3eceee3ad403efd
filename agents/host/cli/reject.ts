import { EXIT } from './exit.ts';
import { planWords } from './plan-words.ts';
import { show } from './print.ts';
import { personHere } from '../person.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([id = ''], flags) =>
  withSession(flags, async ({ client }) => {
    const { hash } = await client.plans.get({ id });
    const plan = await client.plans.decide({
      id,
      hash,
      decision: 'rejected',
      by: personHere(),
      ...(typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {}),
    });
    show(flags, plan, () => planWords(flags, plan));
    return EXIT.ok;
  });
