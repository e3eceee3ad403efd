import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, imageFinding, registryOf, unpulled } from '../image-faults.ts';

export const imageDoesNotExist = defineCheck({
  code: 'IMG-002',
  title: 'An image does not exist',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'an image or its tag does not exist in the registry',
  doc: `The registry answered and has no such repository or tag. Usually a mistyped tag, or a release that was never pushed.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'absent' && u.fault !== 'unknown') return [];
      const where = registryOf(u.placed.spec.image) ?? 'the default registry';
      return [
        u.fault === 'absent'
          ? imageFinding(u, `does not exist in ${where}: its name or tag is wrong, or it was never pushed`)
          : imageFinding(u, `could not be pulled, and the runtime does not say why`, { confidence: 0.6 }),
      ];
    }),
});
