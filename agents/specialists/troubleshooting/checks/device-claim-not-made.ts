import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { essence, warningEvidence, warningsOf } from '../pod-warnings.ts';
import { count } from '../scheduling-evidence.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { awaitsDeviceClaim, waitingPods } from '../waiting-pods.ts';

/** The controller makes claims within a second or two. Milliseconds. */
const GRACE_MS = 20_000;

export const deviceClaimNotMade = defineCheck({
  code: 'SCH-018',
  title: 'A claim of a device is not there',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'the claim of a device that it names is not there',
  doc: `A pod that names a ResourceClaim, or a ResourceClaimTemplate from which one is made, is not looked at by the scheduler before the claim is there: no condition, and only an event
of the controller that makes claims (FailedResourceClaimCreation) says why. Mostly the template or the claim has another name, or is in another namespace.`,
  run: (ctx) =>
    waitingPods(ctx.view, awaitsDeviceClaim).flatMap(({ workload, pods: [pod, ...more], since }): FindingDraft[] => {
      if (pod === undefined || !(ctx.now - since > GRACE_MS)) return [];
      const said = warningsOf(ctx, pod, pod.metadata.resourceVersion)?.findLast((e) => /resource ?claim/i.test(`${e.reason} ${e.message}`));
      const claims = pod.spec.resourceClaims;
      const at = Math.max(
        claims.findIndex((c) => said?.message.includes(c.resourceClaimTemplateName ?? c.resourceClaimName ?? c.name) === true),
        0,
      );
      const claim = claims[at];
      const key = claim?.resourceClaimTemplateName === undefined ? 'resourceClaimName' : 'resourceClaimTemplateName';
      const field = `${workload.specPath}.resourceClaims[${at}].${key}`;
      const wanted = claim?.resourceClaimTemplateName ?? claim?.resourceClaimName ?? claim?.name ?? '';
      const kind = key === 'resourceClaimName' ? 'ResourceClaim' : 'ResourceClaimTemplate';
      return [
        {
          subject: workload.ref,
          field,
          affects: [pod, ...more].map(refOf),
          message: `${count(more.length + 1, 'pod')} cannot be placed: the claim ${claim?.name ?? ''} of a device, from ${kind} ${wanted}, is not there${said === undefined ? '' : `: ${essence(said.message)}`}`,
          evidence: [
            { kind: 'field', resource: workload.ref, source: field, text: wanted },
            ...(said === undefined ? [] : [warningEvidence(pod, said)]),
          ],
          confidence: said === undefined ? 0.75 : 0.93,
          params: {
            supply: `create ${kind} ${wanted} in namespace ${pod.metadata.namespace ?? ''}, or name one there in ${field}`,
          },
        },
      ];
    }),
});
