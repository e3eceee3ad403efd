import type { AppParts } from '../app-parts.ts';
import { parseAutonomy } from '../autonomy/autonomy-book.ts';
import { pagesAfter } from '../store/log-pages.ts';
import { found, must, os } from './os.ts';

/** The rules that say what may be done without asking. */
export function autonomyProcedures({ autonomy, autonomyBook, orchestrator, store }: AppParts) {
  return {
    autonomy: {
      get: os.autonomy.get.handler(() => autonomy.inForce()),
      set: os.autonomy.set.handler(async ({ input: { text, by }, errors }) => {
        // An edit by hand that nobody has seen yet is in the log before it is written over.
        await autonomy.inForce();
        must(autonomyBook.set(text), errors);
        const state = await autonomy.inForce(by);
        await orchestrator.road.considerRules();
        return state;
      }),
      check: os.autonomy.check.handler(async ({ input: { text }, errors }) => {
        const rules = must(parseAutonomy(text.trim() === '' ? 'version: 1' : text), errors);
        const waiting = (await store.plans()).filter((p) => p.state === 'awaitingApproval');
        const plans = await Promise.all(
          waiting.map(async (plan) => ({
            id: plan.id,
            title: plan.title,
            now: await autonomy.of(plan),
            then: await autonomy.under(plan, { rules, version: 'checked', problem: null }),
          })),
        );
        return { rules, plans };
      }),
      explain: os.autonomy.explain.handler(async ({ input: { id }, errors }) => {
        const plan = found(await store.plan(id), `plan ${id}`, errors);
        const decided = plan.decidedAt !== undefined;
        return { plan: plan.id, decided, autonomy: decided && plan.autonomy !== undefined ? plan.autonomy : await autonomy.of(plan) };
      }),
      history: os.autonomy.history.handler(async () => {
        const versions: { at: string; version: string; by: string | null; rules: number; text: string }[] = [];
        for await (const page of pagesAfter(store, 0))
          for (const { at, event } of page)
            if (event.type === 'autonomy.inForce') {
              const { version, by, rules, text } = event;
              versions.push({ at, version, by, rules, text });
            }
        const news = versions.filter((v, i) => v.by !== null || v.version !== versions[i - 1]?.version);
        return { versions: news.reverse() };
      }),
    },
  };
}
