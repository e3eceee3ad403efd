import { type Kind, type ProbeValue, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

const KINDS_READ = ['Ingress', 'Gateway', 'Secret'] as const satisfies readonly Kind[];
type Ctx = CheckContext<(typeof KINDS_READ)[number]>;
/** What renews certificates does so a month or a third of their life before; later than this it has failed. Milliseconds. */
const SOON_MS = 7 * 86_400_000;
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

/** `*.example.test` is for one label in front (RFC 6125, 6.4.3). */
export function isFor(pattern: string, host: string): boolean {
  const [a, b] = [pattern.toLowerCase(), host.toLowerCase()];
  return a === b || (a.startsWith('*.') && b.includes('.') && b.slice(b.indexOf('.')) === a.slice(1));
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
          evidence: [
            fieldEvidence(use.by, use.field, use.secret),
            {
              kind: 'probe',
              resource: ref,
              source: 'certificate',
              text:
                own === undefined
                  ? 'no certificate in tls.crt'
                  : `${own.subject}, from ${own.notBefore} until ${own.notAfter}, for ${names(own.dnsNames) || 'no name'}`,
            },
          ],
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

/** What is wrong with a certificate that is to serve these hosts; undefined where it is as it should be. */
export function certificateFault(
  { certificates, keyMatches }: ProbeValue<'certificate'>,
  hosts: readonly string[],
  now: number,
): { readonly fault: string; readonly words: string; readonly soon: boolean } | undefined {
  const [own] = certificates;
  if (own === undefined) return { fault: 'none', words: 'is none that can be read', soon: false };
  const [from, until] = [Date.parse(own.notBefore), Date.parse(own.notAfter)];
  if (now > until) return { fault: 'expired', words: `expired at ${own.notAfter}`, soon: false };
  if (now < from) return { fault: 'early', words: `is valid only from ${own.notBefore} on`, soon: false };
  if (keyMatches === false) return { fault: 'key', words: 'does not belong to the key beside it (tls.key)', soon: false };
  const others = hosts.filter((host) => host !== '' && !own.dnsNames.some((pattern) => isFor(pattern, host)));
  if (others.length > 0)
    return { fault: 'host', words: `is not for ${names(others)}; it is for ${names(own.dnsNames) || 'no name'}`, soon: false };
  // A certificate that lives for a week is renewed within it.
  if (until - now < Math.min(SOON_MS, (until - from) / 10))
    return { fault: 'soon', words: `ends at ${own.notAfter} and has not been renewed`, soon: true };
  return undefined;
}
