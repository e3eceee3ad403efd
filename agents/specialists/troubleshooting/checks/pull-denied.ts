import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, absentPullSecrets, imageFinding, registryOf, unpulled } from '../image-faults.ts';

/** The registry itself says why it does not take the credentials. */
const EXPIRED = /(?:token|credential|password|authorization)s? (?:has |have |is |are )?expired|expired token/i;

/** Who pulls from a cloud's own registry where no pull secret is named. */
const CLOUDS: readonly (readonly [RegExp, string])[] = [
  [/\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/, "the nodes' IAM role"],
  [/(?:^|\.)pkg\.dev$|(?:^|\.)gcr\.io$/, "the nodes' service account"],
  [/\.azurecr\.(?:io|cn|us)$/, "the kubelet's managed identity"],
];
const cloudOf = (host: string) => CLOUDS.find(([pattern]) => pattern.test(host))?.[1];

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
      const expired = EXPIRED.test(u.message);
      const cloud = cloudOf(host);
      return [
        imageFinding(
          u,
          named.length === 0
            ? `is refused by ${host}: ${
                expired
                  ? 'it says that the credentials have expired'
                  : cloud === undefined
                    ? 'the workload names no pull secret, or the repository does not exist'
                    : `the workload names no pull secret and ${cloud} may not read it, or the repository does not exist`
              }`
            : expired
              ? `is refused by ${host}: it says that the credentials in ${named.join(', ')} have expired`
              : `is refused by ${host}: the credentials in ${named.join(', ')} are not accepted there, or the repository${unread ? ', or that Secret,' : ''} does not exist`,
          {
            confidence: unread ? 0.65 : expired ? 0.95 : 0.85,
            params: expired
              ? {
                  supply: `Write fresh credentials for ${host} into ${named.join(', ') || 'a pull secret'}, and have something renew them before they expire.`,
                }
              : named.length === 0 && cloud !== undefined
                ? { supply: `Let ${cloud} read the repository, or name a pull secret with credentials for ${host} in imagePullSecrets.` }
                : {},
          },
        ),
      ];
    }),
});
