import { type KubeObject, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { serviceOf, servicesByName } from '../../../core/called-hosts.ts';
import type { Workload } from '../../../core/workloads.ts';
import { certificateEvidence, certificateFault } from '../certificate-faults.ts';
import { type ContainerRun, type Placed, containerWords, failedRun, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { selected } from '../service-pods.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

const KINDS_READ = [...CALLING_KINDS, 'Secret'] as const;
type Ctx = CheckContext<(typeof KINDS_READ)[number]>;

/** What clients and servers say of a certificate they do not take: Go, OpenSSL, Java, Node, Python, nginx. */
const OF_CERTIFICATE =
  /x509|certificate|\bcert(?:s|_\w+)?\b|SSL_CTX|key values mismatch|private key|ERR_TLS|altnames|hostname .*(?:match|verif)|tls: |SSLHandshake|PKIX/i;
const BAD =
  /error|fail|fatal|panic|invalid|expired|not (?:yet )?valid|mismatch|match|verif|refus|unknown|emerg|exception|cannot|unable|valid for/i;
const ofCertificate = (line: string): { readonly hosts: readonly string[] } | undefined => {
  if (!OF_CERTIFICATE.test(line) || !BAD.test(line)) return undefined;
  const inUrls = [...line.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host = '']) => host);
  return { hosts: [...inUrls, ...[...line.matchAll(/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*/g)].map(([host]) => host)] };
};
/** A workload has few certificates. */
const MOST = 5;

/** The Secrets with a certificate that a workload mounts. */
function certificatesOf({ view }: Ctx, w: Workload): readonly KubeObject<'Secret'>[] {
  const mounted = w.template.spec.volumes.flatMap((v) => [
    v.secret?.secretName,
    ...(v.projected?.sources ?? []).map((source) => source.secret?.name),
  ]);
  return [...new Set(mounted)]
    .flatMap((name) => (name === undefined ? [] : (view.get('Secret', w.namespace, name) ?? [])))
    .filter((secret) => secret.data.some((k) => k.name === 'tls.crt'))
    .slice(0, MOST);
}

/** The first of a workload's certificates that does not do, for the hosts by which it is called. */
function unfit(ctx: Ctx, w: Workload, hosts: readonly string[]) {
  for (const secret of certificatesOf(ctx, w)) {
    const { namespace = '', name, resourceVersion } = secret.metadata;
    const fact = ctx.ask({ type: 'certificate', namespace, secret: name, key: 'tls.crt', revision: resourceVersion });
    const wrong = fact?.ok === true ? certificateFault(fact.value, hosts, ctx.now) : undefined;
    if (fact?.ok === true && wrong !== undefined && !wrong.soon) return { secret, wrong, own: fact.value.certificates[0] };
  }
  return undefined;
}

export const servedCertificateUnfit = defineCheck({
  code: 'TLS-001',
  title: 'A certificate that a program serves with is not taken',
  severity: 'high',
  role: 'cause',
  kinds: KINDS_READ,
  hypothesis: 'the certificate it serves with, or is served, is unfit',
  doc: `A program ended with a failure and its log speaks of a certificate: its own, from a Secret that it mounts, which is over, not valid yet or does not belong to its
key; or that of a Service it calls, where the certificate of the workload behind that Service is over or is not for the name by which it was called. The certificate's
public part is looked at; the log alone proves nothing. A certificate of an authority that the caller does not trust is not told from here.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), ofCertificate).flatMap(({ placed, run, line, says: { hosts } }): FindingDraft[] => {
      const { workload } = placed;
      const own = unfit(ctx, workload, []);
      if (own !== undefined) return [finding(placed, run, line, workload, own, undefined)];
      for (const host of hosts) {
        const service = serviceOf(host, workload.namespace, servicesByName(ctx.view));
        if (service === undefined) continue;
        for (const behind of selected(ctx.view, service)) {
          const theirs = unfit(ctx, behind, [host]);
          if (theirs !== undefined) return [finding(placed, run, line, behind, theirs, { host, service: refOf(service) })];
        }
      }
      return [];
    }),
});

function finding(
  placed: Placed,
  run: ContainerRun,
  line: string,
  server: Workload,
  { secret, wrong, own }: NonNullable<ReturnType<typeof unfit>>,
  called: { readonly host: string; readonly service: ResourceRef } | undefined,
): FindingDraft {
  const ref = refOf(secret);
  const { workload } = placed;
  const serving = `${server.object.kind} ${server.name}`;
  const by = secret.metadata.annotations['cert-manager.io/certificate-name'];
  return {
    subject: ref,
    field: 'data["tls.crt"]',
    affects: [
      workload.ref,
      ...podsOf(placed.runs.filter((r) => failedRun(r) !== undefined || !r.status.ready)),
      ...(called === undefined ? [] : [called.service]),
    ],
    message: `the certificate with which ${serving} serves ${wrong.words}, so ${called === undefined ? `${containerWords(placed)} ends` : `${workload.object.kind} ${workload.name}, which calls it as ${called.host}, refuses it`}: ${line.slice(0, 300)}`,
    evidence: [logEvidence(run, line), certificateEvidence(ref, own)],
    confidence: 0.94,
    params: {
      fault: wrong.fault,
      supply: `put a certificate${called === undefined ? ' and the key it belongs to' : ` for ${called.host}`} into Secret ${ref.name}${by === undefined ? '' : ` by correcting Certificate ${by}, which makes it`}, and restart ${serving} where it does not read it anew`,
    },
  };
}
