import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { essence } from '../pod-warnings.ts';

/** Clouds take a minute or two to make one. Milliseconds. */
const GRACE_MS = 300_000;
/** Services whose events are asked for at once. */
const MOST_ASKED = 20;

export const loadBalancerNotMade = defineCheck({
  code: 'SVC-015',
  title: 'A Service waits for its load balancer',
  severity: 'high',
  role: 'cause',
  kinds: ['Service'],
  hypothesis: 'its load balancer is not made',
  doc: `A Service of type LoadBalancer gets an address from whoever makes load balancers for the cluster: a cloud's controller, or one of its own. Until then nobody
outside reaches it. Where that controller fails it says why in an event; where it says nothing for long, there is none, which on a machine of one's own is usual.`,
  run: ({ view, now, ask }) =>
    view
      .list('Service')
      .filter(
        ({ spec, status, metadata }) =>
          spec.type === 'LoadBalancer' &&
          status.loadBalancer.ingress.length === 0 &&
          metadata.deletionTimestamp == null &&
          now - Date.parse(metadata.creationTimestamp ?? '') > GRACE_MS,
      )
      .slice(0, MOST_ASKED)
      .flatMap((service): FindingDraft[] => {
        const ref = refOf(service);
        const fact = ask({ type: 'objectEvents', resource: ref, revision: service.metadata.resourceVersion ?? '' });
        if (fact === undefined) return [];
        const said = fact.ok ? fact.value.events.findLast((e) => e.type === 'Warning') : undefined;
        const { loadBalancerClass } = service.spec;
        const nobody =
          loadBalancerClass == null
            ? 'nobody in this cluster seems to make any'
            : `nobody seems to make those of class ${loadBalancerClass}`;
        return [
          {
            subject: ref,
            field: said === undefined && loadBalancerClass != null ? 'spec.loadBalancerClass' : 'spec.type',
            affects: [],
            severity: said === undefined ? 'low' : 'high',
            message: `it has waited for a load balancer since ${service.metadata.creationTimestamp ?? ''}, so nobody outside reaches it: ${said === undefined ? nobody : essence(said.message, 200)}`,
            evidence: [
              fieldEvidence(ref, 'status.loadBalancer', 'no address'),
              ...(said === undefined
                ? []
                : [
                    {
                      kind: 'event' as const,
                      resource: ref,
                      source: said.reason,
                      text: essence(said.message, 500),
                      ...(said.at === undefined ? {} : { at: said.at }),
                    },
                  ]),
            ],
            confidence: said === undefined ? 0.6 : 0.9,
            params: {
              supply:
                said === undefined
                  ? 'run a controller that makes load balancers, or reach the Service by an Ingress, a NodePort or a forwarded port'
                  : 'give the controller of the load balancers what it asks for',
            },
          },
        ];
      }),
});
