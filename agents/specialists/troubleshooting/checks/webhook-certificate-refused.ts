import { type Kind, type KubeObject, type ResourceRef, refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import type { Workload } from '../../../core/workloads.ts';
import { backendOf } from '../called-service.ts';
import { fieldEvidence } from '../containers.ts';
import { WEBHOOK_KINDS, callerOf, refusalsOf, refusedByFailure, webhooksOf } from '../webhooks.ts';
import { CERTIFICATE, hurt, soWords } from './webhook-cannot-be-called.ts';

const CERTIFICATE_KINDS = [...WEBHOOK_KINDS, 'Secret'] as const satisfies readonly Kind[];

export const webhookCertificateRefused = defineCheck({
  code: 'ADM-003',
  title: 'The certificate of an admission webhook is not accepted',
  severity: 'high',
  role: 'cause',
  kinds: CERTIFICATE_KINDS,
  hypothesis: 'the certificate of an admission webhook is not accepted',
  doc: `The API server calls a webhook over TLS and believes only the authorities of the configuration's caBundle. A certificate that has
expired, is for another name, or is signed by somebody else makes every call fail, and with failurePolicy Fail everything is refused. Where
the pods behind the webhook mount just one TLS Secret, an expired certificate is said of that Secret.`,
  run: (ctx) => {
    const failed = refusedByFailure(ctx);
    if (failed.size === 0) return [];
    return webhooksOf(ctx.view).flatMap((webhook): FindingDraft[] => {
      const refused = refusalsOf(webhook, failed).filter((f) => CERTIFICATE.test(f.reason) && !f.admitted);
      const [first] = refused;
      if (first === undefined) return [];
      const ref = refOf(webhook.configuration);
      const called = callerOf(webhook)?.called;
      const backend = called === undefined ? undefined : backendOf(ctx.view, called);
      const behind = backend !== undefined && 'workloads' in backend ? backend.workloads : [];
      const secrets = tlsSecrets(ctx.view, behind);
      const [secret] = secrets;
      const expired = /expired|not yet valid/i.test(first.reason);
      const unknown = /unknown authority|self-signed|signed by unknown/i.test(first.reason);
      const where = called === undefined ? '' : ` of Service ${called.namespace}/${called.name}`;
      const subject: ResourceRef = expired && secrets.length === 1 && secret !== undefined ? refOf(secret) : ref;
      const what = expired
        ? `the certificate${where}${subject === ref ? '' : `, in ${refWords(subject)},`} has expired or is not valid yet`
        : unknown
          ? `${webhook.hasBundle ? 'the caBundle' : 'the missing caBundle'} of webhook ${webhook.name} does not hold the authority that signed the certificate${where}`
          : `the certificate${where} is not accepted`;
      return [
        {
          subject,
          field: subject === ref ? `${webhook.path}.caBundle` : 'data["tls.crt"]',
          affects: [...(subject === ref ? [] : [ref]), ...hurt(refused)],
          message: `${what} (${quoted(first.reason)})${soWords(refused)}`,
          evidence: [
            ...refused.slice(0, 3).flatMap((f) => f.evidence),
            fieldEvidence(ref, `${webhook.path}.caBundle`, webhook.hasBundle ? 'is set' : 'is not set'),
          ],
          confidence: expired || unknown ? 0.95 : 0.85,
          params: { fault: expired ? 'expired' : unknown ? 'authority' : 'name', webhook: webhook.name },
        },
      ];
    });
  },
});

/** The words of the check of the certificate, without the ways that led there. */
const quoted = (reason: string) => /(?:x509|tls): .*$/s.exec(reason)?.[0] ?? reason;

/** The Secrets with a certificate that these workloads mount. */
function tlsSecrets(view: View<'Secret'>, behind: readonly Workload[]): readonly KubeObject<'Secret'>[] {
  const found = new Map<string, KubeObject<'Secret'>>();
  for (const { template, namespace } of behind)
    for (const name of template.spec.volumes.flatMap((v) => [
      v.secret?.secretName,
      ...(v.projected?.sources ?? []).map((s) => s.secret?.name),
    ])) {
      const secret = name === undefined ? undefined : view.get('Secret', namespace, name);
      if (secret?.data.some((d) => d.name === 'tls.crt') === true) found.set(secret.metadata.name, secret);
    }
  return [...found.values()];
}
