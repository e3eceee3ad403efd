import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { ownRolloutBlocks, ownersOf, willBeFree } from '../held-places.ts';
import { count, names, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, askingOf } from '../scheduling-kinds.ts';
import { apartTerms, keptApartAt, meantBy } from '../scheduling-neighbours.ts';
import { stuckAt } from '../scheduling.ts';

const TERMS = 'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution';

export const podsMustBeApart = defineCheck({
  code: 'SCH-012',
  title: 'Pods that must be apart have too few nodes',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'its anti-affinity leaves it no node',
  doc: `Required pod anti-affinity forbids two pods in one domain of a label (a node, a zone). With more replicas than domains some wait for
ever; so does a rollout that starts the new pod before it stops the old one. The anti-affinity of pods that are already there counts too.`,
  run: ({ view, now }) =>
    stuckAt(view, 'apart').flatMap((stuck): FindingDraft[] => {
      const { workload, pods, blame, spec } = stuck;
      const [waiting] = pods;
      if (waiting === undefined) return [];
      const against = keptApartAt(askingOf(waiting), view);
      const holders = [...new Set(blame.candidates.flatMap(against))];
      if (willBeFree(stuck, against, now)) return [];
      const index = apartTerms(spec).findIndex((t) => meantBy(t, workload.namespace, view).some((p) => holders.includes(p)));
      const key = apartTerms(spec)[index]?.topologyKey;
      const own = holders.every((p) => workload.pods.includes(p));
      const blocked = ownRolloutBlocks(workload, holders);
      const domains = new Set(blame.candidates.map((n) => (key === undefined ? n.metadata.name : n.metadata.labels[key]))).size;
      const what = key === undefined || key === 'kubernetes.io/hostname' ? 'node' : `domain of ${key}`;
      const why = blocked
        ? `its own earlier pods are there until the new one is ready, which it cannot be: the rollout must stop an old pod first (maxUnavailable is 0 here)`
        : own
          ? `${workload.desired} are wanted, each on a ${what} of its own, and there ${domains === 1 ? 'is' : 'are'} ${count(domains, what.split(' ')[0] ?? '')}${what === 'node' ? '' : ` of ${key ?? ''}`} it could run on`
          : index < 0
            ? `${names(ownersOf(holders, view))} wants to be apart from it`
            : `it must be apart from ${names(ownersOf(holders, view))}`;
      return [
        {
          subject: workload.ref,
          field: blocked ? 'spec.strategy.rollingUpdate.maxUnavailable' : `${workload.specPath}.${TERMS}${index < 0 ? '' : `[${index}]`}`,
          affects: pods.map(refOf),
          message: `${count(pods.length, 'pod')} cannot be placed because of required anti-affinity: ${why}${blocked ? '' : smallestChange(stuck)}`,
          evidence: [
            ...holders.slice(0, 5).map((pod) => ({
              kind: 'field' as const,
              resource: refOf(pod),
              source: 'spec.nodeName',
              text: `pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} is on ${pod.spec.nodeName ?? ''}`,
            })),
            ...schedulerSaid(stuck),
          ],
          confidence: 0.93,
          params: { own, domains, ...(blocked ? { rollout: true } : {}) },
        },
      ];
    }),
});
