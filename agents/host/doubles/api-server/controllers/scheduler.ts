import type { KubeObject } from '../../../../contract/index.ts';
import { parseQuantity } from '../../../../core/quantity.ts';
import { matchesLabels, matchesNodeTerms, tolerates } from '../../../../core/selectors.ts';
import { say } from './kube-events.ts';
import { asks } from './quotas.ts';
import { type World, all, conditions, rawOf, setStatus } from './world.ts';

type Pod = KubeObject<'Pod'>;
type Node = KubeObject<'Node'>;

/** Places pods that have no node; where none takes them, says why in the scheduler's words. */
export function scheduler(world: World): void {
  const nodes = all(world, 'Node');
  for (const pod of all(world, 'Pod')) {
    if (pod.spec.nodeName !== undefined || pod.status.phase !== 'Pending') continue;
    const pods = all(world, 'Pod');
    const verdicts = nodes.map((node) => ({ node, why: refuses(node, pod, pods) }));
    const free = verdicts.filter((v) => v.why === undefined).map((v) => v.node);
    const [chosen] = free.sort((a, b) => count(pods, a) - count(pods, b));
    const raw = rawOf(world, pod);
    if (raw === undefined) continue;
    if (chosen === undefined) {
      const reasons = new Map<string, number>();
      for (const { why = '' } of verdicts) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      const words = [...reasons].map(([why, n]) => `${n} ${why}`).sort();
      const message = `0/${nodes.length} nodes are available: ${words.join(', ')}. no new claims to deallocate, preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
      if (pod.status.conditions.find((c) => c.type === 'PodScheduled')?.message !== message)
        say(world, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
      setStatus(world, pod, {
        phase: 'Pending',
        conditions: conditions(world, pod.status.conditions, [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }]),
      });
      continue;
    }
    world.table.put({
      ...raw,
      spec: { ...raw.spec, nodeName: chosen.metadata.name },
      status: { phase: 'Pending', conditions: conditions(world, [], [{ type: 'PodScheduled', status: 'True' }]) },
    });
    const { namespace, name } = pod.metadata;
    say(world, pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace ?? ''}/${name} to ${chosen.metadata.name}`, 'default-scheduler');
  }
}

const on = (node: Node) => (pod: Pod) =>
  pod.spec.nodeName === node.metadata.name && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
const count = (pods: readonly Pod[], node: Node) => pods.filter(on(node)).length;

/** Why the node does not take the pod. */
function refuses(node: Node, pod: Pod, pods: readonly Pod[]): string | undefined {
  if (node.spec.unschedulable === true) return 'node(s) were unschedulable';
  if (node.spec.taints.some((t) => t.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, t)))
    return 'node(s) had untolerated taint(s)';
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!matchesLabels(pod.spec.nodeSelector, node.metadata.labels) || (terms !== undefined && !matchesNodeTerms(terms, node)))
    return "node(s) didn't match Pod's node affinity/selector";
  const there = pods.filter(on(node));
  if (there.length >= (parseQuantity(node.status.allocatable['pods']) ?? 110)) return 'Too many pods';
  for (const resource of ['cpu', 'memory']) {
    const taken = there.reduce((sum, p) => sum + asks(p.spec, 'requests', resource), 0);
    const has = parseQuantity(node.status.allocatable[resource]) ?? Infinity;
    if (taken + asks(pod.spec, 'requests', resource) > has + 1e-9) return `Insufficient ${resource}`;
  }
  return undefined;
}
