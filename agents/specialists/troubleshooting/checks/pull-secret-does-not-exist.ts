import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, absentPullSecrets, imageFinding, unpulled } from '../image-faults.ts';

export const pullSecretDoesNotExist = defineCheck({
  code: 'IMG-006',
  title: 'A pull secret does not exist',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'a pull secret it names does not exist',
  doc: `A missing pull secret is no error by itself: the kubelet then pulls without credentials, and a private registry refuses. So it is the
cause only where a pull was refused or its object was not found.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'denied' && u.fault !== 'absent') return [];
      return absentPullSecrets(u.placed, ctx.view).map(({ name, index, meant }) =>
        imageFinding(
          u,
          `is refused by its registry: the pull secret ${name} does not exist in namespace ${u.placed.workload.namespace}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
          {
            field: `${u.placed.workload.specPath}.imagePullSecrets[${index}].name`,
            confidence: u.fault === 'denied' ? 0.95 : 0.75,
            params: { wanted: name, ...(meant === undefined ? {} : { meant }) },
          },
        ),
      );
    }),
});
