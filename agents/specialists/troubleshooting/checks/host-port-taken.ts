import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { outrankedBy, ownRolloutBlocks, ownersOf, willBeFree } from '../held-places.ts';
import { count, names, schedulerSaid, smallestChange } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS, askingOf } from '../scheduling-kinds.ts';
import { holdersOfPorts } from '../scheduling-neighbours.ts';
import { stuckAt } from '../scheduling.ts';

export const hostPortTaken = defineCheck({
  code: 'SCH-011',
  title: 'The host port it asks for is taken on every node it could run on',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a host port it asks for is taken',
  doc: `A host port is the node's own: one pod a node can have it. The pods that hold it are named. Where they are the workload's own
earlier pods, and the rollout keeps them until the new pod is ready, neither ever moves; where there are more replicas than nodes, some
wait for ever.`,
  run: ({ view, now }) =>
    stuckAt(view, 'ports').flatMap((stuck): FindingDraft[] => {
      const { workload, pods, blame } = stuck;
      const [waiting] = pods;
      if (waiting === undefined || outrankedBy(stuck, view) !== undefined) return [];
      const asking = askingOf(waiting);
      const held = blame.candidates.flatMap((node) => holdersOfPorts(asking, node, view).map((h) => ({ ...h, node })));
      const [first] = held;
      if (first === undefined || willBeFree(stuck, (node) => holdersOfPorts(asking, node, view).map((h) => h.pod), now)) return [];
      const holders = held.map((h) => h.pod);
      const blocked = ownRolloutBlocks(workload, holders);
      const own = holders.every((p) => workload.pods.includes(p));
      const { port } = first.port;
      const why = blocked
        ? `its own earlier pods hold it until the new one is ready, which it cannot be: the rollout must stop an old pod first (maxUnavailable is 0 here)`
        : own
          ? `its own other pods hold it on all ${count(blame.candidates.length, 'node')} it could run on: it can have one pod a node`
          : `${names(ownersOf(holders, view))} ${ownersOf(holders, view).length === 1 ? 'holds' : 'hold'} it`;
      return [
        {
          subject: workload.ref,
          field: blocked ? 'spec.strategy.rollingUpdate.maxUnavailable' : `${workload.specPath}.${first.port.path}`,
          affects: pods.map(refOf),
          message: `${count(pods.length, 'pod')} cannot be placed: host port ${port} is taken on ${names(blame.candidates.map((n) => n.metadata.name))}: ${why}${blocked ? '' : smallestChange(stuck)}`,
          evidence: [
            ...held.slice(0, 5).map(({ pod, node }) => ({
              kind: 'field' as const,
              resource: refOf(pod),
              source: 'spec.containers.ports.hostPort',
              text: `pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name} holds port ${port} of ${node.metadata.name}`,
            })),
            ...schedulerSaid(stuck),
          ],
          confidence: 0.94,
          params: { port, own, ...(blocked ? { rollout: true } : {}) },
        },
      ];
    }),
});
