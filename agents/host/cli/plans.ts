import { namespaceOf } from '../../contract/refs.ts';
import { contextNames, isWithin } from './context-names.ts';
import { EXIT, Refusal } from './exit.ts';
import { planWords } from './plan-words.ts';
import { age, columns, print, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([id], flags) =>
  withSession(flags, async ({ client }) => {
    if (id !== undefined) {
      const plan = await client.plans.get({ id });
      if (flags['patchFile'] === true) {
        if (plan.sourcePatch === undefined)
          throw new Refusal({
            code: 'bad-input',
            message: `${id} changes nothing that comes from a source elsewhere, or cannot be written as a patch.`,
          });
        print(plan.sourcePatch.trimEnd());
        return EXIT.ok;
      }
      show(flags, plan, () => planWords(flags, plan));
      return EXIT.ok;
    }
    const { plans } = await client.plans.list({ state: flags['waiting'] === true ? 'waiting' : 'all' });
    const contexts = await contextNames(client, flags.context);
    const wanted = plans.filter(
      (p) =>
        (contexts.length === 0 || contexts.includes(p.context)) &&
        isWithin(
          flags,
          p.actions.map((a) => namespaceOf(a.spec.target)),
        ),
    );
    show(flags, { plans: wanted }, () =>
      wanted.length === 0
        ? 'There are no plans.'
        : columns(
            ['plan', 'state', 'risk', 'context', 'age', 'title'],
            wanted.map((p) => [p.id, p.state, p.risk, p.context, age(p.createdAt), p.title]),
          ),
    );
    return EXIT.ok;
  });
