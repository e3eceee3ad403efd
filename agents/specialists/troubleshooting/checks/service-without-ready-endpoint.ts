import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, mayServe, readyPods, selected, selecting } from '../service-pods.ts';

/** Pods that are starting are not ready for a while; past this, or once they restart, it is worth a word. Milliseconds. */
const GRACE_MS = 30_000;
/** A busy node takes longer until the first container runs at all; what keeps it from that for good has a check of its own. */
const CREATING_MS = 180_000;
const CREATING = new Set(['ContainerCreating', 'PodInitializing']);

export const serviceWithoutReadyEndpoint = defineCheck({
  code: 'SVC-010',
  title: 'A Service has no ready endpoint',
  severity: 'high',
  role: 'symptom',
  kinds: SERVICE_KINDS,
  hypothesis: 'none of its pods is ready',
  doc: `All pods a Service selects are there and none is ready, so nobody answers. What keeps the pods from being ready is the cause;
this tells who notices. Silent where the workload is scaled to zero, where the Service publishes pods that are not ready, and while pods
are merely starting.`,
  run: ({ view, now }) =>
    selecting(view).flatMap((service) => {
      if (service.spec.publishNotReadyAddresses === true) return [];
      const behind = selected(view, service).filter((w) => w.desired > 0 && w.object.kind !== 'Job' && w.object.kind !== 'CronJob');
      const pods = behind.flatMap((w) => w.pods.filter(mayServe));
      if (pods.length === 0 || behind.some((w) => readyPods(w).length > 0 || w.pods.some(isReady))) return [];
      const since = (p: (typeof pods)[number]) =>
        Date.parse(p.status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? p.metadata.creationTimestamp ?? '');
      const grace = (p: (typeof pods)[number]) =>
        p.spec.nodeName !== undefined && p.status.containerStatuses.every((s) => CREATING.has(s.state?.waiting?.reason ?? ''))
          ? CREATING_MS
          : GRACE_MS;
      const late = pods.some((p) => now - since(p) > grace(p) || p.status.containerStatuses.some((s) => s.restartCount > 1));
      if (!late) return [];
      return [
        {
          subject: refOf(service),
          affects: pods.map(refOf),
          message: `${pods.length === 1 ? 'the only pod behind the Service is not' : `none of the ${pods.length} pods behind the Service is`} ready (${names(behind.map((w) => `${w.object.kind} ${w.name}`))}), so nobody answers`,
          evidence: pods.slice(0, 3).map((p) => ({
            kind: 'field' as const,
            resource: refOf(p),
            source: 'status.conditions[Ready]',
            text: p.status.conditions.find((c) => c.type === 'Ready')?.message ?? `phase ${p.status.phase ?? 'unknown'}, not ready`,
          })),
          confidence: 0.6,
        },
      ];
    }),
});

function isReady(pod: {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}): boolean {
  return pod.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}
