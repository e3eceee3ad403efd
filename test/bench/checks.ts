import { ObjectStore } from '../../agents/core/view.ts';
import { diagnose } from '../../agents/core/diagnose.ts';
import type { Agent } from '../../agents/core/agent.ts';
import { AGENTS } from '../../agents/specialists/index.ts';
import { type Troubles, troubledCluster } from './troubled-cluster.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

/** All checks of an agent over 30,000 pods in memory: how long, and which check took how much of it. A check runs without a pause, so the whole is also the longest block of the agent's thread. */

const PODS = 30_000;
const RUNS = 3;
const NOW = Date.parse('2026-06-01T00:00:00Z');
const SHOWN = 8;
const ms = (value: number): string => `${Math.round(value)} ms`;

const STATES: readonly (readonly [string, Troubles])[] = [
  ['all well', { unwell: 0 }],
  ['one pod in a hundred unwell', { unwell: 0.01 }],
  ['half of all pods unwell', { unwell: 0.5 }],
];

/** The agent, and the milliseconds each of its checks took since it was made. */
function timed(agent: Agent): { readonly agent: Agent; readonly took: Map<string, number> } {
  const took = new Map<string, number>();
  const checks = agent.checks.map((check) => ({
    ...check,
    run: (context: Parameters<typeof check.run>[0]) => {
      const begun = performance.now();
      try {
        return check.run(context);
      } finally {
        took.set(`${check.code} ${check.title}`, performance.now() - begun);
      }
    },
  }));
  return { agent: { ...agent, checks }, took };
}

export function benchChecks(): void {
  for (const [state, troubles] of STATES) {
    const store = new ObjectStore('bench', troubledCluster(PODS, troubles));
    for (const original of AGENTS) {
      const { agent, took } = timed(original);
      const totals: number[] = [];
      const each = new Map<string, number[]>();
      let findings = 0;
      for (let run = 0; run <= RUNS; run++) {
        // A new version of one object, as after a change: what is remembered of the lists is made anew.
        for (const pod of store.view().list('Pod').slice(0, 1)) store.put({ ...pod });
        const begun = performance.now();
        const { report, failures } = diagnose({ agent, store, facts: new Map(), now: NOW + run * 1000, version: run });
        const total = performance.now() - begun;
        findings = report.findings.length;
        if (failures.length > 0) throw new Error(failures.map((f) => `${f.code}: ${f.message}`).join('\n'));
        if (run === 0) continue;
        totals.push(total);
        for (const [check, spent] of took) each.set(check, [...(each.get(check) ?? []), spent]);
      }
      const slowest = [...each].map(([check, spent]) => [check, median(spent)] as const).sort(([, a], [, b]) => b - a);
      const alone = slowest.reduce((sum, [, spent]) => sum + spent, 0);
      process.stdout.write(
        `\n${agent.id}, ${store.size} objects, ${PODS} of them pods, ${state}; ${findings} findings; median of ${RUNS} after a warm-up\n${table(
          ['part', 'median', 'at most'],
          [
            ['one whole diagnosis, which is the longest block of its thread', ms(median(totals)), '1000 ms'],
            [`  ${agent.checks.length} checks alone`, ms(alone), ''],
            ...slowest.slice(0, SHOWN).map(([check, spent]) => [`  ${check.slice(0, 90)}`, ms(spent), '']),
          ],
        )}\n`,
      );
    }
  }
}
