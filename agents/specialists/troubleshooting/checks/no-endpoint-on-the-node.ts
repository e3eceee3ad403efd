import { type Kind, type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { calledServices } from '../../../core/called-hosts.ts';
import { workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS } from '../service-pods.ts';

const OF_SERVICE = 'kubernetes.io/service-name';

/** Nodes that have a ready endpoint of the Service. */
function nodesOf(slices: readonly KubeObject<'EndpointSlice'>[]): ReadonlySet<string> {
  return new Set(
    slices.flatMap((s) => s.endpoints.flatMap((e) => (e.conditions.ready === false || e.nodeName == null ? [] : [e.nodeName]))),
  );
}

export const noEndpointOnTheNode = defineCheck({
  code: 'SVC-013',
  title: 'A Service that only answers on its own node is called from another',
  severity: 'medium',
  role: 'cause',
  kinds: [...SERVICE_KINDS, 'EndpointSlice'] as const satisfies readonly Kind[],
  hypothesis: 'no endpoint is on the node of the caller',
  doc: `With internalTrafficPolicy Local a connection only goes to endpoints on the caller's own node; where there is none it is dropped, though endpoints exist elsewhere.
That suits one pod a node (a DaemonSet); for anything else callers on other nodes reach nobody.`,
  run: ({ view, passed }) => {
    const local = view.list('Service').filter((s) => s.spec.internalTrafficPolicy === 'Local');
    if (local.length === 0) return [];
    const services = new Map(local.map((s) => [`${s.metadata.namespace ?? ''}/${s.metadata.name}`, s]));
    const slices = new Map<string, KubeObject<'EndpointSlice'>[]>();
    for (const slice of view.list('EndpointSlice')) {
      const key = `${slice.metadata.namespace ?? ''}/${slice.metadata.labels[OF_SERVICE] ?? ''}`;
      if (services.has(key)) slices.set(key, [...(slices.get(key) ?? []), slice]);
    }
    const callers = workloads(view).map((w) => ({ w, calls: calledServices(w.template.spec, w.namespace, services) }));
    return local.flatMap((service): FindingDraft[] => {
      const nodes = nodesOf(slices.get(`${service.metadata.namespace ?? ''}/${service.metadata.name}`) ?? []);
      if (nodes.size === 0) return [];
      const ref = refOf(service);
      const far = callers.flatMap(({ w, calls }) =>
        calls.some((c) => c.name === ref.name && c.namespace === ref.namespace)
          ? w.currentPods.filter((p) => p.spec.nodeName !== undefined && !nodes.has(p.spec.nodeName)).map((pod) => ({ w, pod }))
          : [],
      );
      if (far.length === 0) {
        passed(ref, 'it has an endpoint on every node from which it is called');
        return [];
      }
      const who = [...new Map(far.map(({ w }) => [`${w.object.kind} ${w.name}`, w])).entries()];
      return [
        {
          subject: ref,
          field: 'spec.internalTrafficPolicy',
          affects: [...who.map(([, w]) => w.ref), ...far.map(({ pod }) => refOf(pod))],
          message: `internalTrafficPolicy is Local and endpoints are only on ${names([...nodes])}, so ${names(who.map(([words]) => words))} on ${names([...new Set(far.map(({ pod }) => pod.spec.nodeName ?? ''))])} ${who.length === 1 ? 'reaches' : 'reach'} nobody; with Cluster every endpoint answers`,
          evidence: [
            fieldEvidence(ref, 'spec.internalTrafficPolicy', 'Local'),
            ...far.slice(0, 3).map(({ pod }) => fieldEvidence(refOf(pod), 'spec.nodeName', pod.spec.nodeName ?? '')),
          ],
          confidence: 0.85,
          params: { wrong: 'Local', right: 'Cluster' },
        },
      ];
    });
  },
});
