import { defineRemedy } from '../../../core/agent.ts';
import { workloadAt, workloads } from '../../../core/workloads.ts';
import { reduce } from '../fit.ts';
import { formatAmount } from '../pod-requests.ts';
import { QUOTA_KINDS, amountsOf, askedOf, podSide, quotaResource, specAsAdmitted, usersOf } from '../quota.ts';
import { names } from '../scheduling-evidence.ts';
import { templateChange } from '../template-change.ts';
import { reductionOps, reductionWords } from './reduce-request.ts';

export const makeRoomInQuota = defineRemedy({
  name: 'make-room-in-quota',
  codes: ['QTA-001'],
  kinds: QUOTA_KINDS,
  doc: `Lowers requests to the largest with which all missing pods fit into what is left of the quota, where that arithmetic gives one.
A quota is a decision of whoever shares the cluster out, and a limit one of whoever wrote the program: neither is touched.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    const quota = view.get('ResourceQuota', finding.subject.namespace, String(finding.params['quota'] ?? ''));
    if (workload === undefined || quota === undefined || finding.params['fits'] === true) return undefined;
    const { hard, used } = amountsOf(quota);
    const missing = Math.max(1, Number(finding.params['missing'] ?? 1));
    const use = askedOf(specAsAdmitted(view, workload), Object.keys(hard), readRequested(finding.params['requested']));
    const over = Object.keys(hard).filter((key) => (used[key] ?? 0) + missing * (use[key] ?? 0) > (hard[key] ?? Infinity) + 1e-9);
    const need = over.map((key) => {
      const r = quotaResource(key);
      return `${key} to at least ${formatAmount(r, (used[key] ?? 0) + missing * (use[key] ?? 0))} (now ${formatAmount(r, hard[key] ?? 0)})`;
    });
    const [first] = over;
    const users = first === undefined ? [] : usersOf(workloads(view), quota, first).filter((u) => u.workload !== workload);
    const advice =
      `Raise ResourceQuota ${quota.metadata.name}: ${names(need)}; or run less in namespace ${workload.namespace}` +
      (first === undefined || users.length === 0
        ? '.'
        : ` (${names(users.map((u) => `${u.workload.object.kind} ${u.workload.name} uses ${formatAmount(quotaResource(first), u.amount)} of ${first}`))}).`);
    const reductions = over.map((key) => {
      const part = podSide(key);
      if (part === null || part.side === 'limits') return undefined;
      const share = ((hard[key] ?? 0) - (used[key] ?? 0)) / missing;
      return reduce(workload.template.spec, workload.specPath, part.resource, use[key] ?? 0, share);
    });
    const possible = reductions.filter((r) => r !== undefined);
    const one = [...new Map(possible.map((r) => [r.resource, r])).values()];
    const actions =
      over.length === 0 || possible.length < over.length ? undefined : templateChange(workload, reductionOps(workload, one), []);
    if (actions === undefined) return { advice };
    return {
      plans: [
        {
          remedy: 'make-room-in-quota',
          title: `Lower the request: ${reductionWords(one)}`,
          because: `${finding.message}. This is the largest request with which the missing pods fit into the quota; what the program needs is not known, so watch its use`,
          actions: [...actions],
          verify: ['QTA-001'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
      advice,
    };
  },
});

/** What the check put into its finding; anything else is nothing. */
function readRequested(text: unknown): Readonly<Record<string, string>> {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as Record<string, string>) : {};
  } catch {
    return {};
  }
}
