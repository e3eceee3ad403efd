import { type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { fieldEvidence } from '../containers.ts';
import { count, names } from '../scheduling-evidence.ts';

/** The signers of kubelets (certificates.k8s.io), and what does not work while their requests are not answered. */
const SIGNERS = {
  'kubernetes.io/kubelet-serving': {
    severity: 'medium',
    so: 'logs, exec and metrics of its pods fail with a TLS error',
    cure: 'run a controller that approves kubelet-serving requests, for Kubernetes itself never does',
  },
  'kubernetes.io/kube-apiserver-client-kubelet': {
    severity: 'high',
    so: 'it cannot join the cluster, or will fall out of it when its certificate ends',
    cure: 'see that the controller manager signs them and that the bootstrap token’s group may have its requests approved',
  },
} as const;
type Signer = keyof typeof SIGNERS;

/** Whoever approves does it at once. */
const GRACE_MS = 120_000;
const NODE = /^system:node:(.+)$/;
type Request = KubeObject<'CertificateSigningRequest'>;

/** Whether a kubelet waits to be given the certificate by which the API server knows it; its name is that of its node. */
export const waitsForItsCertificate = (view: View<'CertificateSigningRequest'>, node: string, now: number): boolean =>
  waitingFor(view, 'kubernetes.io/kube-apiserver-client-kubelet', now).some((r) => NODE.exec(r.spec.username ?? '')?.[1] === node);

/** The requests to a signer that nobody has answered. */
function waitingFor(view: View<'CertificateSigningRequest'>, signer: Signer, now: number): readonly Request[] {
  const own = view.list('CertificateSigningRequest').filter((r) => r.spec.signerName === signer);
  return own.filter(
    (r) =>
      answerOf(r) === undefined &&
      now - Date.parse(r.metadata.creationTimestamp ?? '') > GRACE_MS &&
      !own.some((o) => o.spec.username === r.spec.username && answerOf(o) === 'Approved' && madeAt(o) > madeAt(r)),
  );
}

export const kubeletCertificateNotApproved = defineCheck({
  code: 'NOD-008',
  title: 'A kubelet waits for its certificate',
  severity: 'medium',
  role: 'cause',
  kinds: ['CertificateSigningRequest', 'Node'],
  hypothesis: 'its kubelet waits for a certificate',
  doc: `A kubelet asks for its certificates with a CertificateSigningRequest. Those for its client certificate are approved by the controller manager; those for the
one it serves with (serverTLSBootstrap) by nobody, unless somebody has installed an approver. While one waits, the kubelet serves with none, and reading logs, exec
and metrics fail with a TLS error although the node is Ready. A request that was approved or denied, or is two minutes old, is left alone, and so is one of
a node that has had another answered since.`,
  run: ({ view, now }) => {
    return (Object.keys(SIGNERS) as Signer[]).flatMap((signer): FindingDraft[] => {
      const waiting = waitingFor(view, signer, now);
      const newest = waiting.toSorted((a, b) => madeAt(b) - madeAt(a))[0];
      if (newest === undefined) return [];
      const asking = [...new Set(waiting.map((r) => r.spec.username ?? ''))];
      const nodes = asking.flatMap((user): readonly ResourceRef[] => {
        const node = view.get('Node', undefined, NODE.exec(user)?.[1] ?? '');
        return node === undefined ? [] : [refOf(node)];
      });
      const { severity, so, cure } = SIGNERS[signer];
      const who = names(asking.map((user) => NODE.exec(user)?.[1] ?? user));
      return [
        {
          subject: refOf(newest),
          affects: nodes,
          severity,
          message: `${count(waiting.length, 'request')} of ${who} for a certificate by ${signer} ${waiting.length === 1 ? 'waits' : 'wait'} to be approved: until then ${so}`,
          evidence: [
            fieldEvidence(refOf(newest), 'status.conditions', 'neither approved nor denied'),
            fieldEvidence(refOf(newest), 'spec.signerName', signer),
          ],
          confidence: 0.9,
          params: {
            supply: `look at who asks and for which names, and approve what is right (kubectl certificate approve ${newest.metadata.name}); so that it does not come back, ${cure}`,
          },
        },
      ];
    });
  },
});

const madeAt = ({ metadata }: Request) => Date.parse(metadata.creationTimestamp ?? '');

/** Approved, Denied or Failed; undefined while nobody has answered. */
const answerOf = ({ status }: Request): string | undefined =>
  status.conditions.find((c) => /^(?:Approved|Denied|Failed)$/.test(c.type) && c.status !== 'False')?.type;
