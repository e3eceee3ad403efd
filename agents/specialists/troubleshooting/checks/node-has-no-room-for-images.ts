import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, unpulled } from '../image-faults.ts';
import { statusEvidence } from '../containers.ts';
import { essence } from '../pod-warnings.ts';
import { count } from '../scheduling-evidence.ts';

export const nodeHasNoRoomForImages = defineCheck({
  code: 'NOD-006',
  title: 'A node has no room for an image',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'its node has no room for its image',
  doc: `The runtime could fetch the image and not store it: the file system that holds the images of the node is full. The kubelet removes images nobody
uses when it fills; where that was not enough, something else fills the disk.`,
  run: (ctx) => {
    const runs = unpulled(ctx).flatMap((u) => (u.fault === 'noRoom' ? u.runs.map((run) => ({ run, message: u.message })) : []));
    const nodes = new Set(runs.flatMap(({ run }) => run.pod.spec.nodeName ?? []));
    return [...nodes].map((name): FindingDraft => {
      const there = runs.filter(({ run }) => run.pod.spec.nodeName === name);
      return {
        subject: { apiVersion: 'v1', kind: 'Node', name },
        affects: there.map(({ run }) => refOf(run.pod)),
        message: `the node has no room left for images, so ${count(there.length, 'pod')} cannot start: no space left on device`,
        evidence: there.slice(0, 3).map(({ run, message }) => statusEvidence(run, essence(message))),
        confidence: 0.9,
        params: { supply: `make room where node ${name} keeps its images: find what fills that file system, or give it a larger one` },
      };
    });
  },
});
