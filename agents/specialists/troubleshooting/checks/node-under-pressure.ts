import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { podsByNode } from '../pods-by-node.ts';
import { count, names } from '../scheduling-evidence.ts';

const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'disk',
  PIDPressure: 'process ids',
};
/** An evicted pod of this long ago is history. Milliseconds. */
const RECENT_MS = 3_600_000;

export const nodeUnderPressure = defineCheck({
  code: 'NOD-002',
  title: 'A node runs out of memory, disk or process ids',
  severity: 'high',
  role: 'cause',
  kinds: ['Node', 'Pod'],
  hypothesis: 'its node is short of memory, disk or process ids',
  doc: `The kubelet says MemoryPressure, DiskPressure or PIDPressure: it takes no new pods (a taint says so to the scheduler) and evicts those that use most beyond
what they request.`,
  run: ({ view, now, passed }) =>
    view.list('Node').flatMap((node): FindingDraft[] => {
      const pressed = node.status.conditions.filter((c) => c.status === 'True' && c.type in PRESSURES);
      const ref = refOf(node);
      if (pressed.length === 0) {
        passed(ref, 'the node is under no pressure');
        return [];
      }
      const evicted = view
        .list('Pod')
        .filter((p) => p.spec.nodeName === node.metadata.name && p.status.reason === 'Evicted' && !(now - evictedAt(p) > RECENT_MS));
      const pods = podsByNode(view, node.metadata.name).filter(
        (p) => !p.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True'),
      );
      const short = names(pressed.map((c) => PRESSURES[c.type] ?? c.type));
      return [
        {
          subject: ref,
          field: `status.conditions[${pressed[0]?.type ?? ''}]`,
          affects: [...pods, ...evicted].map(refOf),
          message: `the node is short of ${short}: it takes no new pods${evicted.length === 0 ? '' : ` and has evicted ${count(evicted.length, 'pod')}`}`,
          evidence: [
            ...pressed.map((c) => fieldEvidence(ref, `status.conditions[${c.type}].message`, `${c.reason ?? c.type}: ${c.message ?? ''}`)),
            ...evicted.slice(0, 3).map((p) => fieldEvidence(refOf(p), 'status.message', p.status.message ?? 'Evicted')),
          ],
          confidence: 0.95,
          params: {
            supply: `make room for ${short} on node ${node.metadata.name}: find what uses it (unbounded logs, images, pods that request less than they use), or add nodes`,
          },
        },
      ];
    }),
});

/** When the kubelet ended it; where that is not written, when it had begun. */
const evictedAt = ({ status }: KubeObject<'Pod'>): number =>
  Date.parse(
    status.conditions.find((c) => c.type === 'DisruptionTarget' || c.type === 'Ready')?.lastTransitionTime ?? status.startTime ?? '',
  );
