import type { MetricProfile, Sizing } from '../../../contract/index.ts';
import { defineOffer } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { HOUR, HOURS_A_WEEK } from '../../../core/signals/week.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { sized } from '../sizing.ts';
import { profilesOf, rounded, selector } from './profiles.ts';

const MOST = 1_000;
/** The code of troubleshooting for a container that was ended for want of memory; the log knows of those before. */
const OUT_OF_MEMORY = 'POD-004';

const SIGNALS = {
  cpu: { pod: 'workload_cpu_cores_max', start: 'workload_startup_cpu_cores_max', container: 'container_cpu_cores' },
  memory: { pod: 'workload_memory_bytes_max', start: 'workload_startup_memory_bytes_max', container: 'container_memory_bytes' },
} as const;

/** What the containers of running workloads request, what they took in the last week, and what would fit them. */
export const rightSizing = defineOffer('observability.rightSizing', {
  kinds: WORKLOAD_KINDS,
  run: ({ input: { namespace }, view, ask, now }) => {
    const to = rounded(now);
    const from = to - HOURS_A_WEEK * HOUR;
    let truncated = false;
    const figures = (signal: string) => {
      const found = profilesOf(ask, selector(signal, { namespace }), from, to);
      truncated ||= found.truncated;
      return found.series;
    };
    const running = workloads(view, namespace).filter((w) => w.pods.length > 0 && w.object.kind !== 'Job' && w.object.kind !== 'CronJob');
    const known = { cpu: tables(SIGNALS.cpu, figures), memory: tables(SIGNALS.memory, figures) };
    const past = ask({ type: 'pastIncidents', code: OUT_OF_MEMORY });
    const kills = (w: Workload, container: string) =>
      killedNow(w, container) +
      (past?.ok === true
        ? past.value.incidents.filter(
            (i) =>
              i.code === OUT_OF_MEMORY &&
              i.resource.kind === w.object.kind &&
              i.resource.name === w.name &&
              i.resource.namespace === w.namespace,
          ).length
        : 0);
    const sizings = running.flatMap((w) =>
      w.template.spec.containers.flatMap(({ name, resources }) =>
        (['cpu', 'memory'] as const).map((resource): Sizing => {
          const alone = w.template.spec.containers.length === 1;
          const key = `${w.namespace}|${w.object.kind}/${w.name}`;
          const oomKills = resource === 'memory' ? kills(w, name) : 0;
          const request = parseQuantity(resources.requests[resource]) ?? parseQuantity(resources.limits[resource]) ?? null;
          const limit = parseQuantity(resources.limits[resource]) ?? null;
          const profile = alone ? known[resource].pods.get(key) : known[resource].containers.get(`${key}|${name}`);
          const startUpPeak = alone ? (known[resource].starts.get(key)?.max ?? null) : null;
          const replicas = Math.max(1, w.desired);
          return {
            namespace: w.namespace,
            workload: `${w.object.kind}/${w.name}`,
            container: name,
            resource,
            unit: resource === 'cpu' ? 'cores' : 'bytes',
            ...{ request, limit, oomKills, replicas },
            ...sized({ resource, request, limit, profile, startUpPeak, oomKills, replicas }),
          };
        }),
      ),
    );
    sizings.sort((a, b) => weight(b) - weight(a) || (keyOf(a) < keyOf(b) ? -1 : 1));
    return {
      sizings: sizings.slice(0, MOST),
      truncated: truncated || sizings.length > MOST,
      because: sizings.length === 0 ? 'no workload runs there' : `of ${running.length} workloads, from their last seven days`,
    };
  },
});

/** Who was killed first, then what is worth most: a core is as dear as 4 GiB. */
const weight = ({ oomKills, change, frees, resource }: Sizing): number =>
  change === 'unknown' ? -1 : oomKills > 0 ? 1e6 + oomKills : Math.abs(resource === 'cpu' ? frees : frees / 2 ** 32);
const keyOf = (s: Sizing): string => `${s.namespace}/${s.workload}/${s.container}/${s.resource}`;

function killedNow({ pods }: Workload, container: string): number {
  return pods.filter((pod) =>
    pod.status.containerStatuses.some(
      (s) => s.name === container && (s.lastState.terminated?.reason === 'OOMKilled' || s.state.terminated?.reason === 'OOMKilled'),
    ),
  ).length;
}

interface Tables {
  readonly pods: ReadonlyMap<string, MetricProfile>;
  readonly starts: ReadonlyMap<string, MetricProfile>;
  /** Of the pod of which it took most. */
  readonly containers: ReadonlyMap<string, MetricProfile>;
}

function tables(
  signals: { readonly pod: string; readonly start: string; readonly container: string },
  figures: (signal: string) => readonly MetricProfile[],
): Tables {
  const workload = ({ labels }: MetricProfile) => `${labels['namespace'] ?? ''}|${labels['workload'] ?? ''}`;
  const of = (series: readonly MetricProfile[], key: (p: MetricProfile) => string) => {
    const found = new Map<string, MetricProfile>();
    for (const profile of series) {
      const there = found.get(key(profile));
      if (there === undefined || profile.p99 > there.p99) found.set(key(profile), profile);
    }
    return found;
  };
  return {
    pods: of(figures(signals.pod), workload),
    starts: of(figures(signals.start), workload),
    containers: of(figures(signals.container), (p) => `${workload(p)}|${p.labels['container'] ?? ''}`),
  };
}
