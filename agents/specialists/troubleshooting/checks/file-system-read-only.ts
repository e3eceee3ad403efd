import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { readOnly } from '../log-causes.ts';
import { folderOf, mountAt } from '../mounts.ts';

export const fileSystemReadOnly = defineCheck({
  code: 'RUN-002',
  title: 'A program writes where it can only read',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it writes to a read-only file system',
  doc: `The log says that a path is on a read-only file system. With readOnlyRootFilesystem everything is, but for the volumes that are mounted to be written; a
volume may itself be mounted for reading only, and ConfigMaps and Secrets always are. A folder to write to is an emptyDir mounted there.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), readOnly).flatMap(({ placed, run, line, says: { path } }): FindingDraft[] => {
      const root = placed.spec.securityContext?.readOnlyRootFilesystem === true;
      const mount = path === undefined ? undefined : mountAt(placed, path);
      if (!root && mount === undefined) return [];
      const isConfig =
        mount !== undefined &&
        (mount.volume.configMap !== undefined || mount.volume.secret !== undefined || mount.volume.projected !== undefined);
      const folder = path === undefined ? undefined : folderOf(path);
      const canMount = root && mount === undefined && folder !== undefined && folder !== '/';
      const why =
        mount === undefined
          ? 'its root file system is read-only (readOnlyRootFilesystem)'
          : isConfig
            ? `volume ${mount.volume.name} is a ${mount.volume.configMap !== undefined ? 'ConfigMap' : 'Secret'}, which nobody can write to`
            : `volume ${mount.volume.name} is mounted for reading only`;
      return [
        {
          subject: placed.workload.ref,
          field: mount === undefined ? `${placed.path}.securityContext.readOnlyRootFilesystem` : `${placed.path}.volumeMounts`,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
          message: `${containerWords(placed)} cannot write ${path ?? 'a file'}: ${why}${canMount ? `; mount an emptyDir at ${folder}` : ''}`,
          evidence: [
            logEvidence(run, line),
            fieldEvidence(
              placed.workload.ref,
              mount === undefined
                ? `${placed.path}.securityContext.readOnlyRootFilesystem`
                : `${placed.path}.volumeMounts[${mount.mountPath}]`,
              mount === undefined ? 'true' : `volume ${mount.volume.name}`,
            ),
          ],
          confidence: root || mount !== undefined ? 0.93 : 0.6,
          params: {
            container: placed.spec.name,
            path: placed.path,
            ...(canMount
              ? { folder }
              : { supply: `let ${containerWords(placed)} write to a volume that is made for it, such as an emptyDir` }),
          },
        },
      ];
    }),
});
