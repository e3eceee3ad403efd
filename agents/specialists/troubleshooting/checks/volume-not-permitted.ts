import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { notPermitted } from '../log-causes.ts';
import { mountAt, onlyClaim } from '../mounts.ts';

export const volumeNotPermitted = defineCheck({
  code: 'RUN-003',
  title: 'A program may not write to its volume',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it may not write to its volume',
  doc: `The log says that a path under a mounted volume is refused, and the container does not run as root. A new volume belongs to root; with fsGroup in the pod's
securityContext the kubelet gives it to that group and the containers belong to it. It does not do so for hostPath, nor for volumes that are mounted for reading only.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), notPermitted).flatMap(({ placed, run, line, says: { path, relative } }): FindingDraft[] => {
      const mount = relative ? onlyClaim(placed, run.pod) : mountAt(placed, path, run.pod);
      const pod = placed.workload.template.spec.securityContext;
      const user = placed.spec.securityContext?.runAsUser ?? pod?.runAsUser;
      // "Operation not permitted" is about capabilities: whoever may write may still not change the owner.
      if (mount === undefined || user === 0 || mount.readOnly || /operation not permitted|EPERM/i.test(line)) return [];
      const field = `${placed.workload.specPath}.securityContext.fsGroup`;
      const can = mount.volume.persistentVolumeClaim !== undefined && pod?.fsGroup === undefined;
      const group = placed.spec.securityContext?.runAsGroup ?? pod?.runAsGroup ?? user;
      return [
        {
          subject: placed.workload.ref,
          field: can ? field : `${placed.path}.volumeMounts`,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
          message: `${containerWords(placed)} may not use ${path} on volume ${mount.volume.name}${user === undefined ? '' : `: it runs as user ${user}`}${can ? ', and no fsGroup gives the volume to its group' : ''}`,
          evidence: [
            logEvidence(run, line),
            fieldEvidence(placed.workload.ref, field, pod?.fsGroup === undefined ? 'not set' : String(pod.fsGroup)),
          ],
          confidence: can ? (relative ? 0.8 : 0.9) : 0.75,
          params: {
            container: placed.spec.name,
            path: placed.path,
            ...(can && group !== undefined && pod !== undefined && pod !== null
              ? { right: group }
              : {
                  supply: can
                    ? `set ${field} to the group the program runs as`
                    : `give ${path} to the user the program runs as${mount.volume.hostPath === undefined ? '' : ' on the node'}`,
                }),
          },
        },
      ];
    }),
});
