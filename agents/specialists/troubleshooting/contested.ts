import type { Change, Kind, KubeObject, ResourceRef } from '../../contract/index.ts';
import { refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../core/workloads.ts';

/** A value that one hand sets and another takes back, again and again: whoever repairs it by hand will have it undone. */

export const CONTESTED_KINDS = [...WORKLOAD_KINDS, 'HorizontalPodAutoscaler'] as const satisfies readonly Kind[];
type Ctx = Pick<CheckContext<(typeof CONTESTED_KINDS)[number]>, 'view' | 'now' | 'ask'>;

export interface Contest {
  readonly path: string;
  /** What is set again and again, and the field manager that does it. */
  readonly value: string;
  readonly by: string;
  /** What it was before, and who had put that there. */
  readonly instead: string;
  readonly against: string;
  /** How often it was set again after somebody else had changed it. */
  readonly times: number;
  readonly last: Change;
  /** The CronJob, program or autoscaler that does it, where the cluster shows which. */
  readonly actor: ResourceRef | undefined;
}

/** Older rounds are another story. Milliseconds. */
const LATELY_MS = 6 * 3_600_000;
/** Once is a correction; twice against somebody is a habit. */
const ROUNDS = 2;

/** What of an object is contested, by the record of changes; undefined where nothing is, `asked` while the record is being read. */
export function contestOf(ctx: Ctx, object: KubeObject): Contest | undefined | 'asked' {
  const fact = ctx.ask({ type: 'changes', resource: refOf(object), revision: object.metadata.resourceVersion });
  if (fact === undefined) return 'asked';
  if (!fact.ok) return undefined;
  const oldestFirst = fact.value.changes.filter((c) => ctx.now - Date.parse(c.at) < LATELY_MS).reverse();
  const paths = new Map<string, { by: string; to: string; change: Change }[]>();
  for (const change of oldestFirst)
    for (const { path, to } of change.fields) {
      if (change.by === null || to === null || !path.startsWith('spec')) continue;
      const steps = paths.get(path) ?? [];
      steps.push({ by: change.by.manager, to, change });
      paths.set(path, steps);
    }
  let worst: Omit<Contest, 'actor'> | undefined;
  for (const [path, steps] of paths) {
    const rounds = new Map<string, number>();
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1];
      // The first time it is set nobody was against it yet.
      const again = steps.slice(0, i).some((s) => s.by === step.by && s.to === step.to);
      if (before === undefined || !again || before.by === step.by || before.to === step.to) continue;
      const key = `${step.by}\n${step.to}`;
      const times = (rounds.get(key) ?? 0) + 1;
      rounds.set(key, times);
      if (times >= ROUNDS && times >= (worst?.times ?? 0))
        worst = { path, value: step.to, by: step.by, instead: before.to, against: before.by, times, last: step.change };
    }
  }
  if (worst === undefined) return undefined;
  const actor = actorOf(ctx, object, worst);
  // Whoever is suspended does it no more.
  const over = actor?.kind === 'CronJob' && ctx.view.get('CronJob', actor.namespace, actor.name)?.spec.suspend === true;
  return over ? undefined : { ...worst, actor };
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** What a program does that changes objects of a cluster. */
const CHANGES = /\b(?:kubectl|oc|helm|kustomize|scale|patch|apply|replace|rollout|set|curl|wget)\b/;

/** The object that does it, as far as the cluster shows it: a CronJob or Job that names the workload, or its autoscaler. */
function actorOf({ view }: Ctx, object: KubeObject, { path, by }: Pick<Contest, 'path' | 'by'>): ResourceRef | undefined {
  const { name, namespace } = object.metadata;
  const mentions = new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`);
  const programs = workloads(view).filter((w) => refOf(w.object).name !== name && acts(w, mentions));
  const order = (w: Workload) => (w.object.kind === 'CronJob' ? 0 : w.namespace === namespace ? 1 : 2);
  const [program] = programs.sort((a, b) => order(a) - order(b));
  if (program !== undefined) return program.ref;
  if (path !== 'spec.replicas' || !by.startsWith('kube-controller-manager')) return undefined;
  const hpa = view
    .list('HorizontalPodAutoscaler', namespace)
    .find(({ spec }) => spec.scaleTargetRef.kind === object.kind && spec.scaleTargetRef.name === name);
  return hpa === undefined ? undefined : refOf(hpa);
}

function acts({ template: { spec } }: Workload, mentions: RegExp): boolean {
  return [...spec.containers, ...spec.initContainers].some((c) => {
    const text = [...c.command, ...c.args, ...c.env.map((e) => e.value ?? '')].join(' ');
    return mentions.test(text) && CHANGES.test(text);
  });
}
