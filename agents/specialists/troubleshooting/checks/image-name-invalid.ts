import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, imageFinding, unpulled } from '../image-faults.ts';
import { plainImageName } from '../image-name.ts';

export const imageNameInvalid = defineCheck({
  code: 'IMG-001',
  title: 'An image name cannot be read',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'an image name is malformed',
  doc: `Image names follow the reference grammar of the OCI distribution specification: lower-case path, one tag after a colon, no scheme, no
blanks. A name outside it is never pulled; the kubelet says InvalidImageName.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'invalidName') return [];
      const meant = plainImageName(u.placed.spec.image);
      const why = meant === undefined ? 'is no valid image name' : `is no valid image name; ${JSON.stringify(meant)} would be one`;
      return [imageFinding(u, why, { confidence: 0.98, params: meant === undefined ? {} : { meant } })];
    }),
});
