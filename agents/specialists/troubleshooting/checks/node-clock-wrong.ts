import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { podsByNode } from '../pods-by-node.ts';

/** Clocks that differ by less do no harm worth speaking of; leases and tokens forgive it. Milliseconds. */
const SKEW_MS = 30_000;
/** So many pods must say the same. */
const WITNESSES = 2;

/** Copies of static pods: the kubelet started those before the API server heard of them. */
const isMirror = ({ metadata }: KubeObject<'Pod'>) => 'kubernetes.io/config.mirror' in metadata.annotations;

export const nodeClockWrong = defineCheck({
  code: 'NOD-004',
  title: 'The clock of a node is wrong',
  severity: 'high',
  role: 'cause',
  kinds: ['Node', 'Pod'],
  hypothesis: 'the clock of its node is wrong',
  doc: `The kubelet stamps the start of a pod by the clock of its node, the API server its creation by its own. A pod that started before it was created, or
whose node has written a time that is still to come, shows that the two clocks differ. Tokens and certificates are then refused as expired or not yet
valid, leases run out, and logs are in the wrong order.`,
  run: ({ view, now, passed }) =>
    view.list('Node').flatMap((node): FindingDraft[] => {
      const ref = refOf(node);
      const pods = podsByNode(view, node.metadata.name).filter((p) => !isMirror(p));
      const behind = pods.flatMap((p) => {
        const { creationTimestamp: created = '' } = p.metadata;
        const { startTime: started } = p.status;
        // Times of one form sort as text: reading them is for the few that are out of order.
        if (started == null || started >= created) return [];
        const by = Date.parse(created) - Date.parse(started);
        return by > SKEW_MS ? [{ pod: p, by }] : [];
      });
      const ready = node.status.conditions.find((c) => c.type === 'Ready' && c.reason?.startsWith('Kubelet') === true);
      const ahead = Date.parse(ready?.lastTransitionTime ?? '') - now;
      const isBehind = behind.length >= Math.min(WITNESSES, Math.max(1, pods.length));
      const isAhead = ahead > SKEW_MS;
      if (!isBehind && !isAhead) {
        passed(ref, 'its times agree with those of the API server');
        return [];
      }
      const [first] = behind;
      const seconds = Math.round((isBehind ? Math.max(...behind.map((b) => b.by)) : ahead) / 1000);
      return [
        {
          subject: ref,
          affects: pods.filter((p) => !p.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True')).map(refOf),
          message: `the clock of the node is at least ${seconds} s ${isBehind ? 'behind that of the API server' : 'ahead of ours (or ours is behind)'}`,
          evidence:
            isBehind && first !== undefined
              ? [
                  fieldEvidence(
                    refOf(first.pod),
                    'status.startTime',
                    `started ${first.pod.status.startTime ?? ''}, created ${first.pod.metadata.creationTimestamp ?? ''}`,
                  ),
                ]
              : [fieldEvidence(ref, 'status.conditions[Ready].lastTransitionTime', ready?.lastTransitionTime ?? '')],
          confidence: isBehind ? 0.85 : 0.6,
          params: {
            supply: `set the clock of node ${node.metadata.name} and see why its time service (chrony, systemd-timesyncd) does not`,
          },
        },
      ];
    }),
});
