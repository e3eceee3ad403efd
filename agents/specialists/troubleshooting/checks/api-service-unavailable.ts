import { type Kind, type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { CALLED_KINDS, backendOf, unreachable } from '../called-service.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

const API_KINDS = [...CALLED_KINDS, 'APIService', 'Namespace'] as const satisfies readonly Kind[];

/** What serves it is replaced now and then; a gap of this length is none. Milliseconds. */
const GRACE_MS = 15_000;
/** Its Service is not there at all: that does not pass by itself. */
const SHORT_GRACE_MS = 2_000;

export const apiServiceUnavailable = defineCheck({
  code: 'API-001',
  title: 'An aggregated API is not available',
  severity: 'high',
  role: 'cause',
  kinds: API_KINDS,
  hypothesis: 'an aggregated API it needs is not available',
  doc: `An APIService hands a part of the API to a Service in the cluster. While that does not answer, everything of that group fails:
metrics for autoscalers, and the deletion of any namespace, because the server cannot list what is in it. Says what is missing on the way
from the registration to the pods that should answer.`,
  run: ({ view, now, passed }) =>
    view.list('APIService').flatMap((api): FindingDraft[] => {
      const { service } = api.spec;
      const condition = api.status.conditions.find((c) => c.type === 'Available');
      if (service == null || api.metadata.deletionTimestamp != null) return [];
      const ref = refOf(api);
      if (condition === undefined || condition.status === 'True') {
        if (condition !== undefined) passed(ref, 'it is available');
        return [];
      }
      const since = Date.parse(condition.lastTransitionTime ?? api.metadata.creationTimestamp ?? '');
      const backend = backendOf(view, service);
      const grace = backend?.fault === 'service-missing' || backend?.fault === 'scaled-to-zero' ? SHORT_GRACE_MS : GRACE_MS;
      if (now - since < grace) return [];
      const stuck = stuckNamespaces(view, api);
      const so = stuck.length === 0 ? '' : `, so ${names(stuck.map((n) => `namespace ${n.name}`))} cannot be deleted`;
      const said = fieldEvidence(ref, 'status.conditions[Available]', `${condition.reason ?? ''}: ${condition.message ?? ''}`);
      const caller = { ref, field: 'spec.service', called: service, words: `APIService ${api.metadata.name}` };
      const draft = backend === undefined ? undefined : unreachable(caller, backend, so);
      if (draft !== undefined) {
        const { spoils, ...rest } = draft;
        return [{ ...rest, affects: [...spoils, ...stuck], evidence: [said, ...draft.evidence] }];
      }
      return [
        {
          subject: ref,
          field: 'spec.service',
          affects: [{ apiVersion: 'v1', kind: 'Service', namespace: service.namespace, name: service.name }, ...stuck],
          message: `APIService ${api.metadata.name} is not available: ${condition.message ?? condition.reason ?? 'it gives no reason'}${so}`,
          evidence: [said],
          confidence: /x509|certificate/.test(condition.message ?? '') ? 0.8 : 0.65,
          params: { fault: 'late', service: service.name, namespace: service.namespace },
        },
      ];
    }),
});

/** Namespaces on their way out that wait for this group. */
function stuckNamespaces(view: View<'Namespace'>, { spec }: KubeObject<'APIService'>): ResourceRef[] {
  return view
    .list('Namespace')
    .filter((n) =>
      n.status.conditions.some(
        (c) =>
          c.type === 'NamespaceDeletionDiscoveryFailure' &&
          c.status === 'True' &&
          (c.message ?? '').includes(`${spec.group ?? ''}/${spec.version ?? ''}`),
      ),
    )
    .map(refOf);
}
