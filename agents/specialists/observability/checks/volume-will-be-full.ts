import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { draftOf, runningOut } from '../running-out.ts';
import { SUBJECT_KINDS, nameOf, objectOfSeries, usersOfClaim } from '../subjects.ts';

export const volumeWillBeFull = defineCheck({
  code: 'OBS-002',
  title: 'A volume will be full',
  severity: 'medium',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'exhaustion.predicted',
  hypothesis: 'a volume fills up',
  doc: `What is in use on a claim's volume grows and will reach its size within a day, or its inodes will run out. Programs then fail at writing;
databases stop. Read from the kubelet's own measurement of mounted volumes.`,
  run: (ctx) =>
    runningOut(ctx, 'volume_used_bytes', 'volume_inodes_used').flatMap((r) => {
      const claim = objectOfSeries(ctx.view, 'PersistentVolumeClaim', r.labels);
      if (claim === undefined) return [];
      const subject = refOf(claim);
      const inodes = r.signal === 'volume_inodes_used';
      return [
        draftOf(r, ctx.now, {
          subject,
          affects: usersOfClaim(ctx.view, claim),
          what: `${nameOf(subject)} will ${inodes ? 'have no inode left' : 'be full'}`,
          remedy: inodes ? 'remove small files that nobody needs' : 'enlarge it if its class allows that, or remove what may go',
          field: inodes ? 'inodes' : 'spec.resources.requests.storage',
        }),
      ];
    }),
});
