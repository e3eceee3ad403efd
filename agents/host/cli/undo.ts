import { EXIT } from './exit.ts';
import { follow } from './follow.ts';
import { planWords } from './plan-words.ts';
import { show } from './print.ts';
import { personHere } from '../person.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([id = ''], flags) =>
  withSession(flags, async ({ client }) => {
    const proposed = await client.plans.undo({ id });
    if (flags['yes'] !== true || proposed.state !== 'awaitingApproval') {
      show(flags, proposed, () => planWords(flags, proposed));
      return proposed.state === 'awaitingApproval' ? EXIT.ok : EXIT.notApplied;
    }
    const typed = flags['typeContext'];
    await client.plans.decide({
      id: proposed.id,
      hash: proposed.hash,
      decision: 'approved',
      by: personHere(),
      ...(typeof typed === 'string' ? { typedContext: typed } : {}),
    });
    const plan = await follow(client, flags, proposed.id);
    show(flags, plan, () => planWords(flags, plan));
    return plan.state === 'done' ? EXIT.ok : EXIT.notApplied;
  });
