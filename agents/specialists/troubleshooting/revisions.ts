import type { Finding, KubeObject, PodSpec } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';
import { type Workload, revisionOf } from '../../core/workloads.ts';

/** Fields of a container that the fault of a code can lie in; another revision that has the same there would fail in the same way. */
const PARTS: Readonly<Record<string, readonly (keyof PodSpec['containers'][number])[]>> = {
  POD: ['image', 'command', 'args', 'env', 'envFrom', 'resources', 'securityContext', 'volumeMounts', 'ports', 'workingDir', 'lifecycle'],
  IMG: ['image', 'imagePullPolicy'],
  CFG: ['env', 'envFrom'],
  PRB: ['livenessProbe', 'readinessProbe', 'startupProbe', 'image', 'command', 'args', 'ports', 'env'],
  QTA: ['resources'],
};

/** The same of fields of the pod as a whole. */
const POD_PARTS: Readonly<Record<string, readonly (keyof PodSpec)[]>> = {
  RBC: ['serviceAccountName', 'automountServiceAccountToken'],
};

const containers = (spec: PodSpec) => [...spec.initContainers, ...spec.containers];

/** What of a pod spec the fault may lie in, as one text. */
function suspect(spec: PodSpec, finding: Finding): string {
  const family = finding.code.split('-')[0] ?? '';
  const { container } = finding.params;
  const ofPod = POD_PARTS[family];
  if (ofPod !== undefined) return canonical(ofPod.map((p) => spec[p] ?? null));
  const parts = PARTS[family];
  // A fault of the pod as a whole may lie anywhere in it.
  if (parts === undefined || (family === 'POD' && container === undefined)) return canonical(spec);
  const chosen = containers(spec).filter((c) => typeof container !== 'string' || c.name === container);
  const own = chosen.map((c) => parts.map((p) => c[p]));
  return canonical([own, family === 'CFG' ? spec.volumes : null, family === 'IMG' ? spec.imagePullSecrets : null]);
}

/** The newest earlier revision of a Deployment that differs where the fault lies, and whether it still serves. */
export function earlierRevision(
  w: Workload,
  finding: Finding,
): { readonly set: KubeObject<'ReplicaSet'>; readonly revision: number; readonly serves: boolean } | undefined {
  if (w.object.kind !== 'Deployment') return undefined;
  const now = suspect(w.template.spec, finding);
  const [current, ...older] = w.replicaSets;
  if (current === undefined) return undefined;
  const candidates = older.filter(
    (rs) => rs.spec.template !== undefined && suspect(rs.spec.template.spec, finding) !== now && revisionOf(rs) > 0,
  );
  const set = candidates.find((rs) => (rs.status.availableReplicas ?? 0) > 0) ?? candidates[0];
  return set === undefined ? undefined : { set, revision: revisionOf(set), serves: (set.status.availableReplicas ?? 0) > 0 };
}
