import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { count } from '../scheduling-evidence.ts';

/** Whoever sets a gate (a load balancer's controller, mostly) needs a while for a new pod. Milliseconds. */
const GRACE_MS = 60_000;

export const readinessGateNotSet = defineCheck({
  code: 'PRB-005',
  title: 'A pod waits for a readiness gate that nobody sets',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a readiness gate is not set',
  doc: `A pod with readinessGates is ready when its containers are and each condition that is named there is True. A controller outside sets those: that of a load balancer, of a mesh, of a
rollout tool. All containers are ready, and a condition is absent or False for over a minute: that controller does not run, does not know the pod, or says no.`,
  run: ({ view, now, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const gates = w.template.spec.readinessGates;
      for (const [i, { conditionType }] of gates.entries()) {
        const held = w.currentPods.filter(({ metadata, status }) => {
          const since = status.conditions.find((c) => c.type === 'Ready')?.lastTransitionTime ?? metadata.creationTimestamp;
          return (
            metadata.deletionTimestamp == null &&
            status.containerStatuses.length > 0 &&
            status.containerStatuses.every((c) => c.ready) &&
            status.conditions.some((c) => c.type === 'Ready' && c.status === 'False') &&
            status.conditions.find((c) => c.type === conditionType)?.status !== 'True' &&
            now - Date.parse(since ?? '') > GRACE_MS
          );
        });
        const [first] = held;
        if (first === undefined) continue;
        const said = first.status.conditions.find((c) => c.type === conditionType);
        const field = `${w.specPath}.readinessGates[${i}].conditionType`;
        return [
          {
            subject: w.ref,
            field,
            affects: held.map(refOf),
            message: `${count(held.length, 'pod')} of it ${held.length === 1 ? 'waits' : 'wait'} for the readiness gate ${conditionType}: all containers are ready, and the condition is ${said === undefined ? 'set by nobody' : `${said.status}${said.message === undefined || said.message === '' ? '' : ` (${said.message})`}`}`,
            evidence: [
              fieldEvidence(w.ref, field, conditionType),
              fieldEvidence(
                refOf(first),
                `status.conditions[${conditionType}]`,
                said === undefined ? 'absent' : `${said.status}: ${said.message ?? said.reason ?? ''}`,
              ),
            ],
            confidence: 0.9,
            params: {
              supply: `find the controller that sets ${conditionType} and see in its log why it does not for these pods; if there is none any more, take the gate out of ${w.object.kind} ${w.name}`,
            },
          },
        ];
      }
      if (gates.length > 0) passed(w.ref, 'its readiness gates are set');
      return [];
    }),
});
