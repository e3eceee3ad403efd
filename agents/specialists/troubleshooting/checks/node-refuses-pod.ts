import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { count, names } from '../scheduling-evidence.ts';

/** A pod that fails as a whole for one of these had begun, or will find a place elsewhere: other checks tell of them. */
const NO_REFUSAL = new Set(['Evicted', 'Preempting', 'NodeLost', 'NodeShutdown', 'Shutdown', 'Terminated', 'DeadlineExceeded']);
/** What of the pod's spec the kubelet's reason is about, where it is one thing. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^SysctlForbidden$/, 'securityContext.sysctls'],
  [/^AppArmor$/, 'securityContext.appArmorProfile'],
  [/^(?:NodeAffinity|NodeName|NodeSelectorMismatching|NodePorts|OutOf.+)$/, 'nodeName'],
  [/^PodOSNotSupported$/, 'os'],
];

type Pod = KubeObject<'Pod'>;
const createdAt = (pod: Pod): number => Date.parse(pod.metadata.creationTimestamp ?? '');

/** Failed as a whole without a container that ever started: the kubelet took a look at it and refused. */
function isRefused({ status, metadata }: Pod): boolean {
  if (status.phase !== 'Failed' || status.reason == null || NO_REFUSAL.has(status.reason) || metadata.deletionTimestamp != null)
    return false;
  return [...status.containerStatuses, ...status.initContainerStatuses].every(
    ({ state }) => state.running === undefined && (state.terminated === undefined || state.terminated.startedAt == null),
  );
}

/** The refused pods of a workload that has no better ones since. */
function refusedOf(w: Workload): readonly Pod[] {
  const refused = w.currentPods.filter(isRefused).sort((a, b) => createdAt(b) - createdAt(a));
  const [newest] = refused;
  if (newest === undefined || w.desired === 0 || w.currentPods.filter(isReady).length >= w.desired) return [];
  const isBetter = (p: Pod) => createdAt(p) > createdAt(newest) && (p.status.phase === 'Running' || p.status.phase === 'Succeeded');
  return w.currentPods.some(isBetter) ? [] : refused;
}

export const nodeRefusesPod = defineCheck({
  code: 'POD-016',
  title: 'The kubelet refuses the pod',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'the kubelet refuses it',
  doc: `A pod that has a node can still be refused by the kubelet there: for a kernel setting that is not on its list (SysctlForbidden), a profile it does not have
(AppArmor), a place that is taken after all (OutOfcpu, NodePorts), or a node that was named without asking the scheduler. Such a pod fails before anything of
it starts, makes no Warning on its owner, and a ReplicaSet makes the next one at once, without a pause, so failed pods pile up.`,
  run: ({ view, passed }) =>
    workloads(view).flatMap((w): FindingDraft[] => {
      const refused = refusedOf(w);
      const [newest] = refused;
      if (newest === undefined) {
        if (w.currentPods.length > 0) passed(w.ref, 'no kubelet refused its pods');
        return [];
      }
      const reason = newest.status.reason ?? '';
      const path = FIELDS.find(([pattern]) => pattern.test(reason))?.[1];
      const field = path === undefined || (path === 'nodeName' && w.template.spec.nodeName == null) ? undefined : `${w.specPath}.${path}`;
      const nodes = [...new Set(refused.flatMap((p) => p.spec.nodeName ?? []))];
      const words = (newest.status.message ?? '').replace(/^Pod was rejected: /, '').slice(0, 300);
      return [
        {
          subject: w.ref,
          ...(field === undefined ? {} : { field }),
          affects: refused.slice(0, 20).map(refOf),
          message: `the kubelet of ${names(nodes)} refuses ${refused.length === 1 ? 'the pod' : `each of the ${count(refused.length, 'pod')}`} of ${w.object.kind} ${w.name} before anything starts: ${reason}${words === '' ? '' : `, ${words}`}`,
          evidence: [
            fieldEvidence(refOf(newest), 'status.reason', reason),
            ...(words === '' ? [] : [fieldEvidence(refOf(newest), 'status.message', words)]),
          ],
          confidence: 0.9,
          params: {
            supply: /^OutOf/.test(reason)
              ? `${field === undefined ? '' : `take ${field} out, so that the scheduler finds a node with room; or `}free room on ${names(nodes)}, or ask for less in ${w.object.kind} ${w.name}`
              : /\bdevices?\b/i.test(words)
                ? `see on ${names(nodes)} why the device is not healthy (its driver, and the log of its device plugin there), and keep pods off that node until it is: cordon it`
                : field === undefined
                  ? `change what the kubelet of ${names(nodes)} refuses in ${w.object.kind} ${w.name}, or let that node allow it: ${words === '' ? reason : words}`
                  : `change ${field} of ${w.object.kind} ${w.name} to what the kubelet of ${names(nodes)} allows, or let that node allow it`,
          },
        },
      ];
    }),
});
