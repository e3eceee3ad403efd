import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, placedContainers, podsOf, statusEvidence, waitingMessage } from '../containers.ts';

/** The kubelet's sentences (kuberuntime/security_context.go): an image that runs as root, or by a name that may be root. */
const SAYS = /runAsNonRoot|run as root|breaks? non-root/i;

export const runsAsRootThoughForbidden = defineCheck({
  code: 'RUN-001',
  title: 'An image runs as root where that is forbidden',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its image runs as root though runAsNonRoot is set',
  doc: `runAsNonRoot is set for the container or its pod, and the image runs as root, or as a user whose number it does not say. The kubelet does not make the
container. Either the image is built for another user, or runAsUser names one that the program can work as.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const run = placed.runs.find((r) => r.status.state.waiting?.reason === 'CreateContainerConfigError' && SAYS.test(waitingMessage(r)));
      if (run === undefined) return [];
      const own = placed.spec.securityContext?.runAsNonRoot !== undefined;
      const at = `${own ? placed.path : placed.workload.specPath}.securityContext`;
      const user = placed.spec.securityContext?.runAsUser ?? placed.workload.template.spec.securityContext?.runAsUser;
      return [
        {
          subject: placed.workload.ref,
          field: user === 0 ? `${at}.runAsUser` : `${at}.runAsNonRoot`,
          affects: podsOf(placed.runs.filter((r) => r.status.state.waiting !== undefined)),
          message: `${containerWords(placed)} may not run as root (runAsNonRoot) and ${user === 0 ? 'runAsUser is 0' : `image ${placed.spec.image} does, or names its user without a number`}; name a runAsUser the program can work as`,
          evidence: [statusEvidence(run, waitingMessage(run)), fieldEvidence(placed.workload.ref, `${at}.runAsNonRoot`, 'true')],
          confidence: 0.97,
          params: {
            container: placed.spec.name,
            path: placed.path,
            supply: `set ${placed.path}.securityContext.runAsUser to a user other than 0 that the program in ${placed.spec.image} can work as, or build the image with one`,
          },
        },
      ];
    }),
});
