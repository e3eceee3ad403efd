import { type Kind, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { certificateEvidence, certificateFault } from '../certificate-faults.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

const KINDS_READ = ['Ingress', 'Gateway', 'Secret'] as const satisfies readonly Kind[];
type Ctx = CheckContext<(typeof KINDS_READ)[number]>;
/** Certificates of one cluster that are looked at. */
const MOST = 300;

/** Where a certificate is used: by whom, under which field, for which hosts. */
interface Use {
  readonly by: FindingDraft['subject'];
  readonly field: string;
  readonly namespace: string;
  readonly secret: string;
  readonly hosts: readonly string[];
}

function uses({ view }: Ctx): readonly Use[] {
  const ingresses = view.list('Ingress').flatMap((ingress) =>
    ingress.spec.tls.flatMap(({ secretName, hosts }, i): Use[] =>
      secretName === undefined || secretName === ''
        ? []
        : [
            {
              by: refOf(ingress),
              field: `spec.tls[${i}].secretName`,
              namespace: ingress.metadata.namespace ?? '',
              secret: secretName,
              hosts,
            },
          ],
    ),
  );
  const gateways = view.list('Gateway').flatMap((gateway) =>
    gateway.spec.listeners.flatMap((listener, i) =>
      (listener.tls?.certificateRefs ?? []).flatMap((ref, j): Use[] =>
        (ref.kind ?? 'Secret') !== 'Secret'
          ? []
          : [
              {
                by: refOf(gateway),
                field: `spec.listeners[${i}].tls.certificateRefs[${j}]`,
                namespace: ref.namespace ?? gateway.metadata.namespace ?? '',
                secret: ref.name,
                hosts: listener.hostname === undefined || listener.hostname === '' ? [] : [listener.hostname],
              },
            ],
      ),
    ),
  );
  return [...ingresses, ...gateways].slice(0, MOST);
}

export const ingressCertificateUnfit = defineCheck({
  code: 'ING-005',
  title: 'The certificate of an Ingress or Gateway is expired or for other hosts',
  severity: 'high',
  role: 'cause',
  kinds: KINDS_READ,
  hypothesis: 'its certificate is expired or for other hosts',
  doc: `The certificate in the Secret of an Ingress or a Gateway's listener is over, not valid yet, about to end without having been renewed, for other hosts than it
serves, or does not belong to its key. Clients refuse the connection, or the controller serves a certificate of its own. Only the public part of the Secret is read.`,
  run: (ctx) =>
    uses(ctx).flatMap((use): FindingDraft[] => {
      const secret = ctx.view.get('Secret', use.namespace, use.secret);
      if (secret === undefined || !secret.data.some((k) => k.name === 'tls.crt')) return [];
      const fact = ctx.ask({
        type: 'certificate',
        namespace: use.namespace,
        secret: use.secret,
        key: 'tls.crt',
        revision: secret.metadata.resourceVersion,
      });
      if (fact === undefined || !fact.ok) return [];
      const wrong = certificateFault(fact.value, use.hosts, ctx.now);
      if (wrong === undefined) {
        ctx.passed(use.by, `the certificate in Secret ${use.secret} is valid and for its hosts`);
        return [];
      }
      const [own] = fact.value.certificates;
      const ref = refOf(secret);
      return [
        {
          subject: use.by,
          field: use.field,
          affects: [ref],
          message: `the certificate in Secret ${use.secret} ${wrong.words}`,
          evidence: [fieldEvidence(use.by, use.field, use.secret), certificateEvidence(ref, own)],
          severity: wrong.soon ? 'medium' : 'high',
          confidence: 0.96,
          params: {
            wanted: use.secret,
            kind: 'Secret',
            fault: wrong.fault,
            supply: `put a certificate for ${names(use.hosts) || 'its hosts'} into Secret ${use.secret}, or find why what renews it has not`,
          },
        },
      ];
    }),
});
