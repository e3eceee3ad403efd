import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { count, names } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { isGated, waitingPods } from '../waiting-pods.ts';

/** Who gates a pod of others opens it when it has room; a gate in the template itself is opened at once or never. Milliseconds. */
const GRACE_MS = 3_000;
const GRACE_OF_OTHERS_MS = 60_000;

export const schedulingGateLeft = defineCheck({
  code: 'SCH-016',
  title: 'A scheduling gate keeps its pods back',
  severity: 'medium',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a scheduling gate keeps its pods back',
  doc: `A pod with spec.schedulingGates is not scheduled until whoever set the gates has removed all of them. A queue does that when there is
room; a gate that stands in the template and that nobody knows is never removed. The scheduler writes nothing more about such pods.`,
  run: ({ view, now }) =>
    waitingPods(view, isGated).flatMap(({ workload, pods, since }) => {
      const [pod] = pods;
      const gates = [...new Set(pods.flatMap((p) => p.spec.schedulingGates.map((g) => g.name)))];
      const written = workload.template.spec.schedulingGates.findIndex((g) => gates.includes(g.name));
      if (pod === undefined || !(now - since > (written < 0 ? GRACE_OF_OTHERS_MS : GRACE_MS))) return [];
      const where = `${workload.specPath}.schedulingGates`;
      return [
        {
          subject: workload.ref,
          ...(written < 0 ? {} : { field: `${where}[${written}].name` }),
          affects: pods.map(refOf),
          message: `${count(pods.length, 'pod')} ${pods.length === 1 ? 'is' : 'are'} not scheduled because of the scheduling ${gates.length === 1 ? 'gate' : 'gates'} ${names(gates)}${written < 0 ? ', which something else than its template set' : ''}; nobody has removed ${gates.length === 1 ? 'it' : 'them'} since ${pod.metadata.creationTimestamp ?? 'then'}`,
          evidence: [
            { kind: 'field' as const, resource: refOf(pod), source: 'spec.schedulingGates', text: names(gates) },
            {
              kind: 'field' as const,
              resource: refOf(pod),
              source: 'status.conditions[PodScheduled].reason',
              text: pod.status.conditions.find((c) => c.type === 'PodScheduled')?.reason ?? '(no condition)',
            },
          ],
          confidence: written < 0 ? 0.7 : 0.85,
          params: { gates: gates.join(), written: written >= 0 },
        },
      ];
    }),
});
