import { defineCheck } from '../../../core/agent.ts';
import { essence } from '../pod-warnings.ts';
import { IMAGE_KINDS, imageFinding, registryOf, unpulled } from '../image-faults.ts';

const SAYS_NOT_WHY = 'could not be pulled, and the runtime does not say why';

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
      if (u.fault === 'otherMachine') return [imageFinding(u, 'has no variant for the kind of machine its node is')];
      if (u.fault !== 'absent' && u.fault !== 'unknown') return [];
      const where = registryOf(u.placed.spec.image) ?? 'the default registry';
      return [
        u.fault === 'absent'
          ? imageFinding(u, `does not exist in ${where}: its name or tag is wrong, or it was never pushed`)
          : imageFinding(u, /^(?:back-off|$)/i.test(u.message) ? SAYS_NOT_WHY : `could not be pulled: ${essence(u.message, 200)}`, {
              confidence: 0.6,
            }),
      ];
    }),
});
