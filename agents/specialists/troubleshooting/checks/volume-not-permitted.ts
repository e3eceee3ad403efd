import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS, type Workload } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { notPermitted } from '../log-causes.ts';
import { modeWords, mountAt, onlyClaim, writtenFiles } from '../mounts.ts';

/** fsGroup changes the owner of what lies on claims, too: more than a file of a Secret is worth without a person. */
const hasClaims = ({ object, template }: Workload): boolean =>
  template.spec.volumes.some((v) => v.persistentVolumeClaim !== undefined) ||
  (object.kind === 'StatefulSet' && object.spec.volumeClaimTemplates.length > 0);

/** The bit of a mode by which everybody may read. */
const EVERYBODY_READS = 0o004;

export const volumeNotPermitted = defineCheck({
  code: 'RUN-003',
  title: 'A program may not write to its volume',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it may not write to its volume',
  doc: `The log says that a path under a mounted volume is refused, and the container does not run as root. A new volume belongs to root; with fsGroup in the pod's
securityContext the kubelet gives it to that group and the containers belong to it. It does not do so for hostPath, nor for volumes that are mounted for reading only.
The files of a Secret or a ConfigMap belong to root too, and where defaultMode lets only their owner read them, fsGroup lets that group.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), notPermitted).flatMap(({ placed, run, line, says: { path, relative } }): FindingDraft[] => {
      const mount = relative ? onlyClaim(placed, run.pod) : mountAt(placed, path, run.pod);
      const pod = placed.workload.template.spec.securityContext;
      const user = placed.spec.securityContext?.runAsUser ?? pod?.runAsUser;
      const files = mount === undefined ? undefined : writtenFiles(mount);
      // "Operation not permitted" is about capabilities: whoever may write may still not change the owner.
      if (mount === undefined || user === 0 || /operation not permitted|EPERM/i.test(line)) return [];
      // Whatever else is refused there, reading is not where everybody may.
      if (files === undefined ? mount.readOnly : (files.mode & EVERYBODY_READS) !== 0) return [];
      const field = `${placed.workload.specPath}.securityContext.fsGroup`;
      const can = (files !== undefined || mount.volume.persistentVolumeClaim !== undefined) && pod?.fsGroup === undefined;
      const group = placed.spec.securityContext?.runAsGroup ?? pod?.runAsGroup ?? user;
      return [
        {
          subject: placed.workload.ref,
          field: can ? field : `${placed.path}.volumeMounts`,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
          message: `${containerWords(placed)} may not use ${path} on volume ${mount.volume.name}${user === undefined ? '' : `: it runs as user ${user}`}${files === undefined ? '' : `, and mode ${modeWords(files.mode)} lets only root read it`}${can ? ', and no fsGroup gives the volume to its group' : ''}`,
          evidence: [
            logEvidence(run, line),
            fieldEvidence(placed.workload.ref, field, pod?.fsGroup === undefined ? 'not set' : String(pod.fsGroup)),
            ...(files === undefined ? [] : [fieldEvidence(placed.workload.ref, files.field, modeWords(files.mode))]),
          ],
          confidence: can ? (relative ? 0.8 : 0.9) : 0.75,
          params: {
            container: placed.spec.name,
            path: placed.path,
            ...(can && group !== undefined && pod !== undefined && pod !== null && (files === undefined || !hasClaims(placed.workload))
              ? { right: group }
              : {
                  supply: can
                    ? `set ${field} to the group the program runs as${files !== undefined && hasClaims(placed.workload) ? `, or let everybody read it (${files.field} 0444): with fsGroup its claims are given to that group as well, file by file, which takes long where there are many` : ''}`
                    : files !== undefined
                      ? `let its group read it: ${files.field} 0440`
                      : `give ${path} to the user the program runs as${mount.volume.hostPath === undefined ? '' : ' on the node'}`,
                }),
          },
        },
      ];
    }),
});
