import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { draftOf, runningOut } from '../running-out.ts';
import { SUBJECT_KINDS, nameOf, objectOfSeries } from '../subjects.ts';

const WHAT: Readonly<Record<string, string>> = {
  node_memory_bytes: 'have no memory left for its pods',
  node_filesystem_used_bytes: 'have a full disk',
  node_filesystem_inodes_used: 'have no inode left on its disk',
};

export const nodeWillRunOut = defineCheck({
  code: 'OBS-003',
  title: 'A node will run out of memory or disk',
  severity: 'medium',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'exhaustion.predicted',
  hypothesis: 'a node fills up',
  doc: `What is in use on a node grows towards what it has: memory for pods within two hours, its disk or inodes within a day. The kubelet evicts
pods before that is reached; this tells it before the kubelet has to. A cordoned node is being taken out by somebody: nothing is said of it.`,
  run: (ctx) =>
    runningOut(ctx, ...Object.keys(WHAT)).flatMap((r) => {
      const node = objectOfSeries(ctx.view, 'Node', r.labels);
      // Cordoned: somebody is taking it out, and knows.
      if (node === undefined || node.spec.unschedulable === true) return [];
      const subject = refOf(node);
      const what = `${nameOf(subject)} will ${WHAT[r.signal] ?? ''}`;
      return [
        draftOf(r, ctx.now, {
          subject,
          affects: [],
          what,
          remedy: 'find what grows there, or take the node out before pods are evicted',
          field: r.signal,
        }),
      ];
    }),
});
