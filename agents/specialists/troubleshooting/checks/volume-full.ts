import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { noSpace } from '../log-causes.ts';
import { mountAt, onlyClaim } from '../mounts.ts';

/** Where programs share memory: in memory, and small. */
const SHM = '/dev/shm';

export const volumeFull = defineCheck({
  code: 'RUN-005',
  title: 'A volume is full',
  severity: 'high',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'PersistentVolumeClaim', 'StorageClass'] as const satisfies readonly Kind[],
  hypothesis: 'its volume is full',
  doc: `The log says that no space is left on the device. Where the path lies on a claim the claim is the object to enlarge, if its StorageClass allows it; on the
container's own file system it is the node's disk, and on an emptyDir in memory its limit.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), noSpace).map(({ placed, run, line, says: { path } }): FindingDraft => {
      const inShm = /memory segment|\/dev\/shm/i.test(line);
      const mount = inShm
        ? mountAt(placed, SHM, run.pod)
        : path === undefined
          ? onlyClaim(placed, run.pod)
          : mountAt(placed, path, run.pod);
      const { namespace } = placed.workload;
      const claim = ctx.view.get('PersistentVolumeClaim', namespace, mount?.volume.persistentVolumeClaim?.claimName ?? '');
      const klass = ctx.view.get('StorageClass', undefined, claim?.spec.storageClassName ?? '');
      const size = claim?.spec.resources.requests['storage'];
      const limit = mount?.volume.emptyDir?.sizeLimit;
      const inMemory = mount?.volume.emptyDir?.medium === 'Memory';
      const where =
        mount === undefined
          ? inShm
            ? `${SHM}, of which a container has 64 MiB where no volume is mounted there,`
            : 'the file system of the container'
          : claim === undefined
            ? `volume ${mount.volume.name}${inMemory ? ' (in memory)' : ''}`
            : `claim ${claim.metadata.name} (${size ?? 'size unknown'})`;
      return {
        subject: claim === undefined ? placed.workload.ref : refOf(claim),
        field:
          claim === undefined
            ? mount === undefined
              ? placed.path
              : `${mount.field}${limit === undefined ? '' : '.emptyDir.sizeLimit'}`
            : 'spec.resources.requests.storage',
        affects: [placed.workload.ref, ...podsOf(placed.runs.filter((r) => !r.status.ready))],
        message: `${containerWords(placed)} of ${placed.workload.object.kind} ${placed.workload.name} finds no space left${path === undefined ? '' : ` for ${path}`}: ${where} is full${limit === undefined ? '' : `: its limit is ${limit}`}`,
        evidence: [
          logEvidence(run, line),
          ...(claim === undefined ? [] : [fieldEvidence(refOf(claim), 'spec.resources.requests.storage', size ?? 'not set')]),
        ],
        confidence: claim === undefined || path === undefined ? 0.8 : 0.93,
        params: {
          container: placed.spec.name,
          path: placed.path,
          supply:
            inShm && mount === undefined
              ? `mount an emptyDir with medium: Memory at ${SHM} in ${containerWords(placed)}, as large as the program asks for; it counts against the memory limit`
              : claim === undefined
                ? `make room where ${path ?? 'it writes'} is, or give it a larger volume`
                : klass?.allowVolumeExpansion === true
                  ? `delete what is not needed on claim ${claim.metadata.name}, or raise spec.resources.requests.storage: StorageClass ${klass.metadata.name} can enlarge it (it cannot be made smaller again)`
                  : `delete what is not needed on claim ${claim.metadata.name}, or move its data to a larger one: StorageClass ${claim.spec.storageClassName ?? '(none)'} does not enlarge volumes`,
        },
      };
    }),
});
