import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { podsByNode } from '../pods-by-node.ts';
import { names } from '../scheduling-evidence.ts';

/** The kubelet's own, and the network's, which other checks read. */
const READ_ELSEWHERE = /^(?:Ready|(?:Memory|Disk|PID)Pressure|NetworkUnavailable)$/;
/** Conditions of others mean trouble when True where their name is that of a trouble; `EtcdIsVoter` or `Schedulable` are none. */
const TROUBLE =
  /deadlock|read-?only|problem|frequent|corrupt|unhealthy|fail|error|fault|hang|hung|stall|lost|broken|oom|shutdown|terminat|preempt|degraded|exhaust/i;

/** Other agents name what should be True: `KernelReady`, `AcceleratedHardwareReady`. */
const WELL = /(?:[a-z]Ready|Healthy)$/;

export const nodeReportsAProblem = defineCheck({
  code: 'NOD-007',
  title: 'What watches over a node reports a problem of its machine',
  severity: 'high',
  role: 'cause',
  kinds: ['Node', 'Pod'],
  hypothesis: 'its node has a problem of its machine',
  doc: `Beside the kubelet others write conditions of a node: the node problem detector, the cloud, agents of a vendor. One that is named for a trouble
(a kernel deadlock, a file system that has become read-only, a runtime that restarts all the time, a machine about to be taken away) and is
True, or for what should be well (StorageReady) and is False, is quoted. The node may still be Ready, and pods go on being placed there.`,
  run: ({ view, passed }) =>
    view.list('Node').flatMap((node): FindingDraft[] => {
      const ref = refOf(node);
      const others = node.status.conditions.filter((c) => !READ_ELSEWHERE.test(c.type));
      const bad = others.filter((c) => (WELL.test(c.type) ? c.status === 'False' : c.status === 'True' && TROUBLE.test(c.type)));
      const [first] = bad;
      if (first === undefined) {
        if (others.length > 0) passed(ref, 'none of those who watch over it reports a problem');
        return [];
      }
      const pods = podsByNode(view, node.metadata.name).filter(
        (p) => !p.status.conditions.some((c) => c.type === 'Ready' && c.status === 'True'),
      );
      return [
        {
          subject: ref,
          field: `status.conditions[${first.type}]`,
          affects: pods.map(refOf),
          message: `the node is reported to have ${names(bad.map(called))}: ${first.message ?? first.reason ?? 'no words with it'}`,
          evidence: bad.map((c) => fieldEvidence(ref, `status.conditions[${c.type}].message`, `${c.reason ?? c.type}: ${c.message ?? ''}`)),
          confidence: 0.85,
          params: {
            supply: `cordon and drain node ${node.metadata.name}, then see to its machine (kernel log, disk, runtime) or replace it; it is Ready for the scheduler all the while`,
          },
        },
      ];
    }),
});

const called = ({ type, status }: { readonly type: string; readonly status: string }) => (status === 'False' ? `not ${type}` : type);
