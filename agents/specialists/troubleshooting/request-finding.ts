import { type Evidence, type ResourceRef, refOf } from '../../contract/index.ts';
import type { CheckContext, FindingDraft } from '../../core/agent.ts';
import { field } from '../../core/paths.ts';
import { best, freeOn } from './fit.ts';
import { formatAmount, heaviest, parseAmounts, podAmounts } from './pod-requests.ts';
import { essence } from './pod-warnings.ts';
import { count, names, schedulerSaid, smallestChange } from './scheduling-evidence.ts';
import { type Taken, shortOf } from './scheduling-filters.ts';
import type { SchedulingKind } from './scheduling-kinds.ts';
import type { Blame, Stuck } from './scheduling.ts';

/** The resource that is short on the most of the nodes: the one to speak of first. */
export function shortest(stuck: Stuck & { readonly blame: Blame }, taken: Taken): readonly string[] {
  const needs = podAmounts(stuck.spec);
  const counts = new Map<string, number>();
  for (const node of stuck.blame.candidates)
    for (const resource of shortOf(needs, node, taken.get(node.metadata.name) ?? {})) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([resource]) => resource);
}

/** `containers[0].resources.requests.memory` where it is asked for, as it is written there; the limit where the request follows from it. */
export function requestField(
  stuck: Stuck,
  resource: string,
): { readonly path: string; readonly container: string; readonly written: string } | undefined {
  const place = heaviest(stuck.workload.template.spec, stuck.workload.specPath, resource);
  if (place === undefined) return undefined;
  const { name, resources } = place.container;
  const side = resources.requests[resource] === undefined ? 'limits' : 'requests';
  return { path: field(`${place.path}.resources.${side}`, resource), container: name, written: resources[side][resource] ?? '' };
}

interface Told {
  readonly words: string;
  readonly evidence: readonly Evidence[];
}

/** What the sandbox of each pod takes beside its containers, where that weighs more than they do (Kubernetes: "Pod Overhead"). */
function overheadOf({ workload, spec }: Stuck, resource: string): (Told & { readonly path: string; readonly supply: string }) | undefined {
  const overhead = parseAmounts(spec.overhead ?? {})[resource] ?? 0;
  const own = (podAmounts(spec)[resource] ?? 0) - overhead;
  const { runtimeClassName } = spec;
  if (runtimeClassName === undefined || overhead <= own) return undefined;
  const path = `${workload.specPath}.runtimeClassName`;
  const amount = formatAmount(resource, overhead);
  return {
    path,
    words: `; ${amount} of it is the overhead that RuntimeClass ${runtimeClassName} adds to each pod, and its containers ask for ${formatAmount(resource, own)}`,
    evidence: [
      {
        kind: 'field',
        resource: { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', name: runtimeClassName },
        source: field('overhead.podFixed', resource),
        text: amount,
      },
    ],
    supply: `correct overhead.podFixed of RuntimeClass ${runtimeClassName} to what its sandbox takes, or let ${workload.object.kind} ${workload.name} use another class in ${path}; pods that are there keep what they were made with`,
  };
}

/** The pods ask for more than their template does: something that changes pods on their way in has raised it, and editing the template is in vain. */
function raisedOnTheWay({ workload, spec, pods: [pod] }: Stuck, resource: string): (Told & { readonly supply: string }) | undefined {
  const written = podAmounts(workload.template.spec)[resource] ?? 0;
  // The overhead is in no template: it comes from the RuntimeClass.
  const asked = (podAmounts(spec)[resource] ?? 0) - (parseAmounts(spec.overhead ?? {})[resource] ?? 0);
  if (pod === undefined || workload.object.kind === 'Pod' || written === 0 || asked <= written * 1.01) return undefined;
  const vertical = Object.keys(pod.metadata.annotations).find((key) => /^vpa/.test(key));
  const who = vertical === undefined ? 'a webhook that changes pods' : 'a VerticalPodAutoscaler';
  return {
    words: `; the template asks for ${formatAmount(resource, written)} only: ${who} has raised it on the way in`,
    evidence: [
      {
        kind: 'field',
        resource: workload.ref,
        source: workload.specPath,
        text: `the template asks for ${formatAmount(resource, written)} of ${resource}`,
      },
      ...(vertical === undefined
        ? []
        : [
            {
              kind: 'field' as const,
              resource: refOf(pod),
              source: field('metadata.annotations', vertical),
              text: pod.metadata.annotations[vertical] ?? '',
            },
          ]),
    ],
    supply:
      vertical === undefined
        ? `find the webhook that raises what pods of ${workload.object.kind} ${workload.name} ask for, and bound it by what a node has`
        : `set maxAllowed for ${resource} in the resourcePolicy of the VerticalPodAutoscaler of ${workload.object.kind} ${workload.name} to what a node can give, or add larger nodes`,
  };
}

/** Words of autoscalers of nodes about a pod: why they add none. */
const NO_NODE = /scale-?up|node ?group|node ?pool|instance types?|machine ?(?:set|deployment)/i;

/** What an autoscaler of nodes said of the first of the pods, if there is one. */
export function autoscalerSaid(ctx: Pick<CheckContext<SchedulingKind>, 'ask'>, { pods: [pod] }: Stuck): Told | undefined {
  if (pod === undefined) return undefined;
  const fact = ctx.ask({ type: 'objectEvents', resource: refOf(pod), revision: pod.metadata.resourceVersion ?? '' });
  const said = fact?.ok === true ? fact.value.events.findLast((e) => NO_NODE.test(e.message)) : undefined;
  if (said === undefined || /^TriggeredScaleUp$|^Nominated$/.test(said.reason)) return undefined;
  return {
    words: `; the autoscaler of the nodes adds none: ${essence(said.message, 200)}`,
    evidence: [{ kind: 'event', resource: refOf(pod), source: said.reason, text: essence(said.message, 400) }],
  };
}

/** A finding about a request that finds no room; `taken` is empty where no node is large enough even when empty. */
export function requestFinding(
  stuck: Stuck & { readonly blame: Blame },
  resources: readonly string[],
  taken: Taken,
  message: (words: { pods: string; resource: string; asks: string; node: string; has: string; free: string; others: string }) => string,
  /** What else is known of it, for the end of the sentence. */
  more?: Told,
): FindingDraft | undefined {
  const [resource] = resources;
  if (resource === undefined) return undefined;
  const { candidates } = stuck.blame;
  const needs = podAmounts(stuck.spec);
  const node = best(candidates, (n) => freeOn(n, resource, taken));
  if (node === undefined) return undefined;
  const say = (n: typeof node, r: string) => ({
    asks: formatAmount(r, r === 'pods' ? 1 : (needs[r] ?? 0)),
    has: formatAmount(r, parseAmounts(n.status.allocatable)[r] ?? 0),
    free: formatAmount(r, freeOn(n, r, taken)),
  });
  const words = say(node, resource);
  const others = resources.slice(1).map((r) => {
    const w = say(node, r);
    return `${r} (asks ${w.asks}, ${w.free} free of ${w.has})`;
  });
  const overhead = overheadOf(stuck, resource);
  const raised = overhead ?? raisedOnTheWay(stuck, resource);
  const at = raised === undefined ? requestField(stuck, resource) : undefined;
  const path = at?.path ?? overhead?.path;
  const subject: ResourceRef = stuck.workload.ref;
  return {
    subject,
    ...(path === undefined ? {} : { field: path }),
    affects: stuck.pods.map(refOf),
    message:
      message({ pods: count(stuck.pods.length, 'pod'), resource, node: node.metadata.name, ...words, others: names(others) }) +
      (others.length > 0 ? `; short too: ${names(others)}` : '') +
      (raised?.words ?? smallestChange(stuck)) +
      (more?.words ?? ''),
    evidence: [
      ...(at === undefined
        ? []
        : [
            {
              kind: 'field' as const,
              resource: subject,
              source: at.path,
              text: `each pod asks for ${words.asks} of ${resource}${at.written === words.asks ? '' : `, container ${at.container} for ${at.written} of it`}`,
            },
          ]),
      ...candidates.slice(0, 5).map((n) => ({
        kind: 'field' as const,
        resource: refOf(n),
        source: field('status.allocatable', resource),
        text: `${n.metadata.name}: allocatable ${say(n, resource).has} of ${resource}, ${say(n, resource).free} free`,
      })),
      ...schedulerSaid(stuck),
      ...(raised?.evidence ?? []),
      ...(more?.evidence ?? []),
    ],
    confidence: 0.95,
    params: { resource, ...(raised === undefined ? {} : { supply: raised.supply }) },
  };
}
