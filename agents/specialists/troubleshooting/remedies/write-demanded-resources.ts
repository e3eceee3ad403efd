import type { JsonPatchOp, KubeObject } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { field, pointer } from '../../../core/paths.ts';
import { type Workload, workloadAt } from '../../../core/workloads.ts';
import { QUOTA_KINDS, amountsOf, lacking, podSide, specAsAdmitted } from '../quota.ts';
import { formatAmount } from '../pod-requests.ts';
import { names } from '../scheduling-evidence.ts';
import { templateChange } from '../template-change.ts';

interface Written {
  readonly container: string;
  readonly side: 'requests' | 'limits';
  readonly resource: string;
  readonly value: string;
  readonly from: string;
}

/** What the container of that name had in the newest earlier revision that wrote it. */
function earlier(
  workload: Workload,
  container: string,
  side: Written['side'],
  resource: string,
): { value: string; from: string } | undefined {
  for (const set of workload.replicaSets.slice(1)) {
    const spec = set.spec.template?.spec;
    const resources = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find((c) => c.name === container)?.resources;
    const value = resources?.[side][resource] ?? (side === 'requests' ? resources?.limits[resource] : undefined);
    if (value !== undefined) return { value, from: `its earlier revision ${set.metadata.name}` };
  }
  return undefined;
}

/** A LimitRange that gives the other side of the same resource. */
function ranged(
  ranges: readonly KubeObject<'LimitRange'>[],
  side: Written['side'],
  resource: string,
): { value: string; from: string } | undefined {
  for (const range of ranges)
    for (const rule of range.spec.limits) {
      const value =
        side === 'limits'
          ? (rule.default[resource] ?? rule.max[resource])
          : (rule.defaultRequest[resource] ?? rule.default[resource] ?? rule.min[resource]);
      if (rule.type === 'Container' && value !== undefined) return { value, from: `LimitRange ${range.metadata.name}` };
    }
  return undefined;
}

function opsFor(workload: Workload, written: readonly Written[]): JsonPatchOp[] {
  const lists = ['containers', 'initContainers'] as const;
  return lists.flatMap((list) =>
    workload.template.spec[list].flatMap((container, i) =>
      (['requests', 'limits'] as const).flatMap((side): JsonPatchOp[] => {
        const mine = written.filter((w) => w.container === container.name && w.side === side);
        if (mine.length === 0) return [];
        const path = `${workload.specPath}.${list}[${i}].resources.${side}`;
        return Object.keys(container.resources[side]).length > 0
          ? mine.map((w) => ({ op: 'add', path: pointer(field(path, w.resource)), value: w.value }))
          : [{ op: 'add', path: pointer(path), value: Object.fromEntries(mine.map((w) => [w.resource, w.value])) }];
      }),
    ),
  );
}

export const writeDemandedResources = defineRemedy({
  name: 'write-demanded-resources',
  codes: ['QTA-002'],
  kinds: QUOTA_KINDS,
  doc: `Writes the requests and limits a quota demands with values that follow from the cluster: those of the workload's own earlier
revision, or those a LimitRange names. Where neither has one, how much a program needs is for a person to say.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    const quota = view.get('ResourceQuota', finding.subject.namespace, String(finding.params['quota'] ?? ''));
    if (workload === undefined || quota === undefined) return undefined;
    const gaps = lacking(specAsAdmitted(view, workload), quota);
    const ranges = view.list('LimitRange', workload.namespace);
    const { hard, used } = amountsOf(quota);
    const left = gaps.map(({ key }) => {
      const resource = podSide(key)?.resource ?? key;
      return `${formatAmount(resource, Math.max(0, (hard[key] ?? 0) - (used[key] ?? 0)))} of ${key}`;
    });
    const advice =
      `Write ${names([...new Set(gaps.map((g) => g.key))])} for ${names([...new Set(gaps.flatMap((g) => g.containers))])} in ${workload.specPath}, ` +
      `or give the namespace a LimitRange with defaults. ResourceQuota ${quota.metadata.name} has ${names(left)} left.`;
    const wanted = gaps.flatMap(({ key, containers }) => {
      const part = podSide(key);
      return part === null ? [] : containers.map((container) => ({ container, ...part }));
    });
    const written = wanted.flatMap((w): Written[] => {
      const found = earlier(workload, w.container, w.side, w.resource) ?? ranged(ranges, w.side, w.resource);
      return found === undefined ? [] : [{ ...w, ...found }];
    });
    const actions =
      written.length < wanted.length || written.length === 0 ? undefined : templateChange(workload, opsFor(workload, written), []);
    if (actions === undefined) return { advice };
    const words = written.map((w) => `${w.side}.${w.resource}=${w.value} for ${w.container}`);
    return {
      plans: [
        {
          remedy: 'write-demanded-resources',
          title: `Write ${names(words)}`,
          because: `ResourceQuota ${quota.metadata.name} demands them; the values are those of ${names([...new Set(written.map((w) => w.from))])}`,
          actions: [...actions],
          verify: ['QTA-002'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
      advice,
    };
  },
});
