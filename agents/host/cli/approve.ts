import { follow } from './follow.ts';
import { planWords } from './plan-words.ts';
import { EXIT } from './exit.ts';
import { show } from './print.ts';
import { personHere } from '../person.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([id = ''], flags) =>
  withSession(flags, async (session) => {
    const { client } = session;
    const shown = await client.plans.get({ id });
    const typed = flags['typeContext'];
    await client.plans.decide({
      id,
      hash: typeof flags['hash'] === 'string' ? flags['hash'] : shown.hash,
      decision: 'approved',
      by: personHere(),
      ...(typeof typed === 'string' ? { typedContext: typed } : {}),
    });
    if (flags['wait'] === false && session.remote) {
      const begun = await client.plans.get({ id });
      show(flags, begun, () => planWords(flags, begun));
      return EXIT.ok;
    }
    const plan = await follow(client, flags, id);
    show(flags, plan, () => planWords(flags, plan));
    return plan.state === 'done' ? EXIT.ok : EXIT.notApplied;
  });
