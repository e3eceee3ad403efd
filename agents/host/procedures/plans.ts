import type { AppParts } from '../app-parts.ts';
import { runFix } from '../fix.ts';
import { found, must, os } from './os.ts';

export function planProcedures(parts: AppParts) {
  const { store, orchestrator, autonomy } = parts;
  return {
    plans: {
      list: os.plans.list.handler(async ({ input }) => {
        const plans = await store.plans();
        const wanted = plans.filter(
          (p) => (input.context === undefined || p.context === input.context) && (input.state === 'all' || p.state === 'awaitingApproval'),
        );
        return {
          plans: await Promise.all(
            wanted
              .sort(
                (a, b) =>
                  Number(b.state === 'awaitingApproval') - Number(a.state === 'awaitingApproval') || b.createdAt.localeCompare(a.createdAt),
              )
              .map((plan) => autonomy.shown(plan)),
          ),
        };
      }),
      get: os.plans.get.handler(async ({ input, errors }) => autonomy.shown(found(await store.plan(input.id), `plan ${input.id}`, errors))),
      decide: os.plans.decide.handler(async ({ input, errors }) => must(await orchestrator.road.decide(input), errors)),
      undo: os.plans.undo.handler(async ({ input, errors }) => must(await orchestrator.road.undo(input.id, input.untouched), errors)),
      compare: os.plans.compare.handler(async ({ input, errors }) => ({
        plan: input.id,
        fields: [...must(await orchestrator.road.compare(input.id), errors)],
      })),
      settled: os.plans.settled.handler(async ({ input, errors }) =>
        must(await orchestrator.road.settled(input.id, input.timeoutSeconds * 1000), errors),
      ),
    },
    fix: { run: os.fix.run.handler(async ({ input, errors }) => must(await runFix(parts, input), errors)) },
  };
}
