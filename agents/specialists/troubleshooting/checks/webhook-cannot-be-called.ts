import { type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { type Backend, backendOf, unreachable } from '../called-service.ts';
import { count, names } from '../scheduling-evidence.ts';
import { type Failed, WEBHOOK_KINDS, callerOf, refusalsOf, refusedByFailure, webhooksOf } from '../webhooks.ts';

/** A configuration and its Service often come in one file. Milliseconds. */
const GRACE_MS = 10_000;

/** Reasons that are about the certificate, which another check looks at. */
export const CERTIFICATE = /x509|certificate/i;
const LATE = /deadline exceeded|timeout|timed out/i;
const PLAIN = /does not look like a TLS handshake|HTTP response to HTTPS client/i;

/** Who cannot create pods, and what to quote of it. */
export const hurt = (failed: readonly Failed[]): ResourceRef[] => failed.flatMap((f) => [f.workload.ref, ...f.by]);
export const soWords = (failed: readonly Failed[]): string =>
  failed.length === 0
    ? ''
    : `, so ${count(
        failed.reduce((sum, f) => sum + f.missing, 0),
        'pod',
      )} of ${names(failed.map((f) => `${f.workload.object.kind} ${f.workload.name}`))} cannot be created`;

export const webhookCannotBeCalled = defineCheck({
  code: 'ADM-002',
  title: 'An admission webhook cannot be called',
  severity: 'high',
  role: 'cause',
  kinds: WEBHOOK_KINDS,
  hypothesis: 'an admission webhook that cannot be called refuses its pods',
  doc: `The API server asks a webhook before it stores an object. Where the Service of the webhook is gone, has no such port, has nothing
ready behind it, or answers too late, and failurePolicy is Fail, everything the webhook is to judge is refused. The finding is at what must
be restored: the reference, or the workload behind the Service that is scaled to zero. Where nothing was refused yet, a Service that is
gone is said from the objects alone.`,
  run: (ctx) => {
    const { view, now } = ctx;
    const failed = refusedByFailure(ctx);
    const known = new Set<Failed>();
    const found = webhooksOf(view).flatMap((webhook): FindingDraft[] => {
      const { configuration, closes } = webhook;
      const refused = refusalsOf(webhook, failed);
      for (const f of refused) known.add(f);
      const caller = callerOf(webhook);
      if (caller === undefined) return elsewhere(refOf(configuration), `${webhook.path}.url`, webhook.name, refused);
      const backend = backendOf(view, caller.called);
      if (backend === undefined) return elsewhere(caller.ref, caller.field, webhook.name, refused);
      const draft = unreachable(caller, backend, soWords(refused));
      if (draft === undefined) {
        const late = refused.filter((f) => !CERTIFICATE.test(f.reason) && !f.admitted);
        if (late.length === 0) ctx.passed(caller.ref, `Service ${caller.called.namespace}/${caller.called.name} has ready endpoints`);
        return elsewhere(caller.ref, caller.field, webhook.name, late);
      }
      const young = now - Date.parse(configuration.metadata.creationTimestamp ?? '') < GRACE_MS;
      // While nothing was refused, what is starting is given its time, and what lets everything pass is only worth a word.
      if (refused.length === 0 && (young || backend.fault === 'no-endpoints' || (backend.fault === 'scaled-to-zero' && !closes))) return [];
      if (isStarting(backend, now)) return [];
      const { spoils, ...rest } = draft;
      return [
        {
          ...rest,
          affects: [...spoils, ...hurt(refused)],
          evidence: [...refused.slice(0, 3).flatMap((f) => f.evidence), ...draft.evidence],
          severity: refused.length > 0 ? 'high' : closes ? 'medium' : 'low',
        },
      ];
    });
    // The configuration cannot be read, or is gone since: the words are all there is.
    const rest = [...failed.values()].map((all) => all.filter((f) => !known.has(f) && !f.admitted)).filter((all) => all.length > 0);
    return [
      ...found,
      ...rest.flatMap((all): FindingDraft[] => {
        const [first] = all;
        if (first === undefined) return [];
        if (!view.complete('ValidatingWebhookConfiguration') || !view.complete('MutatingWebhookConfiguration'))
          ctx.missing('webhook configurations', `webhook ${first.webhook} refuses pods, and which configuration it is of cannot be read`);
        return [
          {
            subject: first.workload.ref,
            affects: hurt(all),
            message: `webhook ${first.webhook} cannot be called (${first.reason})${soWords(all)}; which configuration it is of could not be read`,
            evidence: all.slice(0, 3).flatMap((f) => f.evidence),
            confidence: 0.6,
          },
        ];
      }),
    ];
  },
});

/** What is behind it has only just begun, and may be ready in a moment. */
function isStarting(backend: Backend, now: number): boolean {
  if (backend.fault !== 'no-endpoints') return false;
  const pods = backend.workloads.flatMap((w) => w.currentPods);
  return pods.length > 0 && pods.every((p) => now - Date.parse(p.metadata.creationTimestamp ?? '') < GRACE_MS);
}

/** It refuses, and what is behind it looks well or cannot be seen. */
function elsewhere(ref: ResourceRef, field: string, name: string, refused: readonly Failed[]): FindingDraft[] {
  const live = refused.filter((f) => !CERTIFICATE.test(f.reason) && !f.admitted);
  const [first] = live;
  if (first === undefined) return [];
  const late = LATE.test(first.reason);
  const what = late
    ? 'does not answer in time'
    : PLAIN.test(first.reason)
      ? 'is answered by something that speaks no TLS'
      : 'cannot be asked';
  return [
    {
      subject: ref,
      field,
      affects: hurt(live),
      message: `webhook ${name} of ${ref.kind} ${ref.name} ${what} (${first.reason})${soWords(live)}`,
      evidence: live.slice(0, 3).flatMap((f) => f.evidence),
      confidence: 0.65,
      params: { field, fault: late ? 'late' : PLAIN.test(first.reason) ? 'plain' : 'refused' },
    },
  ];
}
