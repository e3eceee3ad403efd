import type { Kind, KubeObject } from '../../../contract/index.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import type { ClusterSession } from '../../cluster/cluster-session.ts';
import type { SourceNews, Turn } from '../turn.ts';

/** What the watched objects say about themselves in numbers: restarts, pressure, quotas, autoscalers. Costs the cluster nothing. */

type Objects = Pick<ClusterSession, 'keys' | 'object'>;
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export function readObjects(turn: Turn, session: Objects): SourceNews {
  let samples = 0;
  const put: Turn['put'] = (...args) => {
    samples++;
    return turn.put(...args);
  };
  const podsOf = new Map<string, number>();
  for (const [key, entry] of turn.pods) {
    const namespace = key.slice(0, key.indexOf('/'));
    podsOf.set(entry.node, (podsOf.get(entry.node) ?? 0) + 1);
    let sum = 0;
    for (const [container, count] of entry.restarts) {
      sum += count;
      if (turn.keepsPods) put('container_restarts_total', { namespace, workload: entry.owner.workload, pod: entry.name, container }, count);
    }
    turn.restarts(entry, sum);
  }
  for (const node of all(session, 'Node')) {
    const { name } = node.metadata;
    put('node_pods', { node: name }, podsOf.get(name) ?? 0);
    const { allocatable, conditions } = node.status;
    put('node_cpu_allocatable_cores', { node: name }, parseQuantity(allocatable['cpu']) ?? NaN);
    put('node_memory_allocatable_bytes', { node: name }, parseQuantity(allocatable['memory']) ?? NaN);
    for (const { type, status } of conditions)
      if (PRESSURES.includes(type)) put('node_pressure', { node: name, condition: type }, status === 'True' ? 1 : 0);
      else if (type === 'Ready') put('node_pressure', { node: name, condition: 'NotReady' }, status === 'True' ? 0 : 1);
  }
  for (const quota of all(session, 'ResourceQuota')) {
    const { name: resourcequota, namespace = '' } = quota.metadata;
    for (const [resource, hard] of Object.entries(quota.status.hard)) {
      put('quota_hard', { namespace, resourcequota, resource }, parseQuantity(hard) ?? NaN);
      put('quota_used', { namespace, resourcequota, resource }, parseQuantity(quota.status.used[resource]) ?? NaN);
    }
  }
  for (const scaler of all(session, 'HorizontalPodAutoscaler')) {
    const { name: horizontalpodautoscaler, namespace = '' } = scaler.metadata;
    put('hpa_replicas', { namespace, horizontalpodautoscaler }, scaler.status.currentReplicas ?? 0);
    put('hpa_max_replicas', { namespace, horizontalpodautoscaler }, scaler.spec.maxReplicas);
  }
  return { kind: 'objects', name: 'watched objects', state: 'used', samples, because: 'restarts, node pressure, quotas and autoscalers' };
}

export function* all<K extends Kind>(session: Objects, kind: K): Generator<KubeObject<K>> {
  for (const key of session.keys(kind)) {
    const object = session.object(kind, key);
    if (object !== undefined) yield object as KubeObject<K>;
  }
}
