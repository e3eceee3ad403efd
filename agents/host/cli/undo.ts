import { type LeftField, refWords } from '../../contract/index.ts';
import { EXIT } from './exit.ts';
import { follow } from './follow.ts';
import { planWords } from './plan-words.ts';
import { columns, show } from './print.ts';
import { personHere } from '../person.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const STATE_WORDS: { readonly [S in LeftField['state']]: string } = {
  asLeft: '',
  asBefore: 'as before already',
  changed: 'changed since',
  gone: 'the object is gone',
};

export const run: Run = ([id = ''], flags) =>
  withSession(flags, async ({ client }) => {
    if (flags['compare'] === true) {
      const { fields } = await client.plans.compare({ id });
      show(flags, { plan: id, fields }, () =>
        fields.length === 0
          ? 'Nothing of it can be taken back, so there is nothing to compare.'
          : columns(
              ['object', 'field', 'before', 'left by the plan', 'now', ''],
              fields.map((f) => [refWords(f.target), f.field, f.was, f.left, f.now, STATE_WORDS[f.state]]),
            ),
      );
      return EXIT.ok;
    }
    const proposed = await client.plans.undo({ id, untouched: flags['untouched'] === true });
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
