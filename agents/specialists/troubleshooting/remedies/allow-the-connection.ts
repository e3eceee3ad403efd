import type { Json, Kind } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, type Workload, workloadAt } from '../../../core/workloads.ts';

/** Labels that tell revisions apart: a rule that named them would be void with the next one. */
const PASSING = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'job-name',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]);
/** The name of a namespace, which the API server writes on it as a label. */
const NAMESPACE = 'kubernetes.io/metadata.name';

/** A peer that means the pods of a workload, and as few others as its labels allow. */
function peer(w: Workload, policyNamespace: string | undefined): { [key: string]: Json } {
  const labels = Object.fromEntries(Object.entries(w.template.metadata.labels).filter(([key]) => !PASSING.has(key)));
  return {
    ...(w.namespace === policyNamespace ? {} : { namespaceSelector: { matchLabels: { [NAMESPACE]: w.namespace } } }),
    podSelector: { matchLabels: labels },
  };
}

export const allowTheConnection = defineRemedy({
  name: 'allow-the-connection',
  codes: ['NET-001'],
  kinds: [...WORKLOAD_KINDS, 'NetworkPolicy'] as const satisfies readonly Kind[],
  doc: `Adds to the NetworkPolicy the one rule that is missing: these pods, this port. DNS is allowed on UDP and TCP. Other rules stay as they are; that something more is
let through is said as its risk.`,
  run: ({ finding, view }) => {
    const { direction, toKind, toNamespace, toName, callerKind, callerNamespace, callerName, port, dns } = finding.params;
    const policy = view.get('NetworkPolicy', finding.subject.namespace, finding.subject.name);
    const find = (kind: unknown, namespace: unknown, name: unknown) =>
      workloadAt(view, { kind: String(kind), namespace: String(namespace), name: String(name) });
    const other = direction === 'Egress' ? find(toKind, toNamespace, toName) : find(callerKind, callerNamespace, callerName);
    if (policy === undefined || other === undefined || Object.keys(other.template.metadata.labels).length === 0) return undefined;
    const side = direction === 'Egress' ? 'egress' : 'ingress';
    const ports: Json = (dns === true ? ['UDP', 'TCP'] : ['TCP']).map((protocol) => ({ protocol, port: Number(port) }));
    const rule: { [key: string]: Json } = { [direction === 'Egress' ? 'to' : 'from']: [peer(other, finding.subject.namespace)], ports };
    const isEmpty = policy.spec[side].length === 0;
    return {
      plans: [
        {
          remedy: 'allow-the-connection',
          title: `Let NetworkPolicy ${finding.subject.name} allow ${direction === 'Egress' ? (dns === true ? 'questions to DNS' : `calls to ${String(toName)}`) : `calls from ${String(callerName)}`} on port ${String(port)}`,
          because: finding.message,
          actions: [
            {
              type: 'patch',
              target: finding.subject,
              ops: [{ op: 'add', path: isEmpty ? `/spec/${side}` : `/spec/${side}/-`, value: isEmpty ? [rule] : rule }],
            },
          ],
          verify: ['NET-001'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
