import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, imageFinding, registryOf, unpulled } from '../image-faults.ts';

export const pullsLimited = defineCheck({
  code: 'IMG-007',
  title: 'A registry allows no more pulls for now',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'the registry allows no more pulls for now',
  doc: `The registry answered 429, too many requests. Public registries count pulls by account, or by address where nobody is signed in: all nodes behind one
address share what is allowed. The image itself is there.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'limited') return [];
      const host = registryOf(u.placed.spec.image) ?? 'the default registry';
      const named = u.placed.workload.template.spec.imagePullSecrets.length > 0;
      return [
        imageFinding(
          u,
          `is not given out by ${host} for now: too many pulls were made ${named ? 'by its account' : 'from here without an account'}`,
        ),
      ];
    }),
});
