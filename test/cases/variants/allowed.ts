import type { FaultCase } from '../case.ts';
import type { RawObject } from '../conditions.ts';
import type { Script } from '../script.ts';
import type { Position } from './position.ts';
import { type Workload, isWorkload, podSpecOf } from './workload-kind.ts';

/** Which changes leave a case the same fault: by what the case consists of, and by its family of CASES. */

/** The workload that has the fault in its pod template, where it is one that can be moved. */
export function faultyWorkload({ case: c, before, objects }: Script & { readonly case: FaultCase }): RawObject | undefined {
  const found = [...objects, ...before].find((o) => o.kind === c.expect.kind && o.metadata.name === c.expect.name);
  return found !== undefined && (found.kind === 'Deployment' || found.kind === 'StatefulSet') ? found : undefined;
}

const mentionsKind = (script: Script, kind: string) => [...script.before, ...script.objects].some((o) => o.kind === kind);
const ofFamily = (c: FaultCase, ...families: readonly number[]) => families.includes(c.family);

/** The controllers themselves are at fault there, or the fault is told of in their words. */
const ABOUT_THE_KIND = [19, 21, 23, 43, 44, 45, 46, 47, 48, 49, 50, 53, 54, 55, 56, 58, 60];
/** Faults of a container that shows them by itself, whatever runs it. */
const OF_A_CONTAINER = [1, 2, 3, 5, 6, 7, 10, 12];
const OF_A_POD = [16, 17, 18, 22, 24];

export function kindsFor(script: Script & { readonly case: FaultCase }): readonly Workload[] {
  const c = script.case;
  const workload = faultyWorkload(script);
  if (workload === undefined || ABOUT_THE_KIND.includes(c.family)) return [];
  const own = isWorkload(workload.kind) ? [workload.kind] : [];
  const template = c.expect.field === undefined || c.expect.field.startsWith('spec.template.spec');
  const held = ['HorizontalPodAutoscaler', 'PodDisruptionBudget'].some((kind) => mentionsKind(script, kind));
  if (!template || held) return own;
  const inBefore = script.before.some((o) => o.kind === workload.kind && o.metadata.name === workload.metadata.name);
  const long: Workload[] = ['Deployment', 'StatefulSet', 'DaemonSet'];
  // A DaemonSet makes no pod for a node that it may not be on: that is another fault.
  const everywhere = (kind: Workload) => kind !== 'DaemonSet' || !ofFamily(c, 16, 17, 20);
  // What exists already cannot get another template as a Job or a pod.
  if (inBefore) return long.filter(everywhere);
  if (ofFamily(c, ...OF_A_CONTAINER, ...OF_A_POD)) return [...long, 'Job' as const, 'CronJob' as const, 'Pod' as const].filter(everywhere);
  return ofFamily(c, 25, 26, 27, 29) ? [...long, 'Job'] : long;
}

export function positionsFor(script: Script & { readonly case: FaultCase }, kind: Workload | undefined): readonly Position[] {
  const c = script.case;
  const workload = faultyWorkload(script);
  // What a companion asks for would be more than the quota of those has left.
  if (workload === undefined || ofFamily(c, 4, 14, 25, 27, 48, 56)) return ['alone'];
  const spec = podSpecOf(workload);
  const containers = (spec?.['containers'] ?? []) as readonly unknown[];
  const named = /containers\[(\d+)\]|initContainers/.exec(c.expect.field ?? '');
  if (containers.length !== 1 || spec?.['initContainers'] !== undefined || (named !== null && named[1] !== '0')) return ['alone'];
  const plain: Position[] = ['alone', 'first', 'second'];
  if (!ofFamily(c, ...OF_A_CONTAINER, 11)) return plain;
  const good = script.before.some((o) => o.metadata.name === workload.metadata.name);
  const probed = ofFamily(c, 11);
  // The good state of an init container would be one that ends, which the program of the cases does not.
  const init = good || probed ? [] : (['init'] as const);
  // A job ends with its sidecars left behind; a container that keeps crashing as a sidecar is never waited for there.
  return [...plain, ...init, ...(kind === 'Job' || kind === 'CronJob' ? [] : (['sidecar'] as const))];
}

/** Who is created first makes no difference, unless something is to judge what comes after it. */
export const mayBeShuffled = (objects: readonly RawObject[]): boolean =>
  !objects.some(
    (o) =>
      ['ResourceQuota', 'LimitRange', 'Namespace', 'Pod', 'ServiceAccount', 'CustomResourceDefinition', 'APIService'].includes(o.kind) ||
      o.kind.endsWith('WebhookConfiguration'),
  );
