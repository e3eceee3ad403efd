import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, imageFinding, unpulled } from '../image-faults.ts';

export const imageNeverPulled = defineCheck({
  code: 'IMG-005',
  title: 'An image must not be pulled and is not on the node',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'the pull policy forbids to pull an image the node lacks',
  doc: `With imagePullPolicy Never the kubelet only uses what is on the node already, and says ErrImageNeverPull where it is not.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) =>
      u.fault === 'neverPull'
        ? [
            imageFinding(u, 'is not on the node, and imagePullPolicy Never forbids to pull it; IfNotPresent would pull it', {
              field: `${u.placed.path}.imagePullPolicy`,
              confidence: 0.98,
            }),
          ]
        : [],
    ),
});
