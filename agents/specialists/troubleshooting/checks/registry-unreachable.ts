import { defineCheck } from '../../../core/agent.ts';
import { IMAGE_KINDS, imageFinding, registryOf, unpulled } from '../image-faults.ts';

export const registryUnreachable = defineCheck({
  code: 'IMG-003',
  title: 'A registry cannot be reached',
  severity: 'high',
  role: 'cause',
  kinds: IMAGE_KINDS,
  hypothesis: 'the registry of an image cannot be reached',
  doc: `The node found no way to the registry: its name does not resolve, it refuses, does not answer, or its certificate is not trusted.
Where no other image of that registry fails, a mistyped host name is the likelier cause.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault !== 'unreachable') return [];
      const host = registryOf(u.placed.spec.image) ?? 'the default registry';
      const how = /no such host|server misbehaving/i.test(u.message)
        ? 'its name does not resolve on the node'
        : /x509|tls:/i.test(u.message)
          ? 'its certificate is not accepted'
          : /timeout|deadline/i.test(u.message)
            ? 'it does not answer'
            : 'it does not accept connections';
      return [
        imageFinding(
          u,
          `cannot be pulled: the registry ${host} cannot be reached, ${how}. Check the host name in the image, or the network of the node`,
        ),
      ];
    }),
});
