import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, absentPullSecrets, imageFinding, registryOf, unpulled } from '../image-faults.ts';

export const pullDenied = defineCheck({
  code: 'IMG-004',
  title: 'A registry refuses the pull',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'the registry refuses the credentials, or there are none',
  doc: `The registry answered 401 or 403. Either no pull secret is named, or the one that is named holds no right credentials. Many registries
also say "denied" for a repository that does not exist.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'denied' || absentPullSecrets(u.placed, ctx.view).length > 0) return [];
      const named = u.placed.workload.template.spec.imagePullSecrets.map((s) => s.name);
      const host = registryOf(u.placed.spec.image) ?? 'the default registry';
      const { namespace } = u.placed.workload;
      const unread = named.length > 0 && !ctx.view.complete('Secret', namespace);
      if (unread) ctx.missing(`Secrets in ${namespace}`, `whether ${named.join(', ')} exists cannot be told`);
      return [
        imageFinding(
          u,
          named.length === 0
            ? `is refused by ${host}: the workload names no pull secret, or the repository does not exist`
            : `is refused by ${host}: the credentials in ${named.join(', ')} are not accepted there, or the repository${unread ? ', or that Secret,' : ''} does not exist`,
          { confidence: unread ? 0.65 : 0.85 },
        ),
      ];
    }),
});
