import type { Kind } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { essence } from '../pod-warnings.ts';
import { IMAGE_KINDS, type Unpulled, imageFinding, registryOf, unpulled } from '../image-faults.ts';
import { names } from '../scheduling-evidence.ts';

const SAYS_NOT_WHY = 'could not be pulled, and the runtime does not say why';

const PULLED_KINDS = [...IMAGE_KINDS, 'Node'] as const satisfies readonly Kind[];

export const imageDoesNotExist = defineCheck({
  code: 'IMG-002',
  title: 'An image does not exist',
  severity: 'high',
  role: 'cause',
  kinds: PULLED_KINDS,
  hypothesis: 'an image or its tag does not exist in the registry',
  doc: `The registry answered and has no such repository or tag. Usually a mistyped tag, or a release that was never pushed.`,
  run: (ctx) =>
    unpulled(ctx).flatMap((u) => {
      if (u.fault === 'otherMachine') return [forAnotherMachine(ctx, u)];
      if (u.fault !== 'absent' && u.fault !== 'unknown') return [];
      const where = registryOf(u.placed.spec.image) ?? 'the default registry';
      return [
        u.fault === 'absent'
          ? imageFinding(u, `does not exist in ${where}: its name or tag is wrong, or it was never pushed`)
          : imageFinding(u, /^(?:back-off|$)/i.test(u.message) ? SAYS_NOT_WHY : `could not be pulled: ${essence(u.message, 200)}`, {
              confidence: 0.6,
              params: { supply: 'See what the node says when it pulls (kubectl describe pod), and whether it can pull the image by hand.' },
            }),
      ];
    }),
});

/** The image is there, and not for the kind of processor that these nodes have. */
function forAnotherMachine({ view }: CheckContext<'Node'>, u: Unpulled): FindingDraft {
  const nodes = [...new Set(u.runs.flatMap((r) => r.pod.spec.nodeName ?? []))];
  const kinds = [...new Set(nodes.flatMap((n) => view.get('Node', undefined, n)?.status.nodeInfo?.architecture ?? []))];
  const arch = kinds.length === 1 ? kinds[0] : undefined;
  return imageFinding(
    u,
    arch === undefined
      ? 'has no variant for the kind of machine its node is'
      : `has no variant for ${arch}, which ${names(nodes)} ${nodes.length === 1 ? 'is' : 'are'}`,
    {
      params: {
        supply:
          arch === undefined
            ? 'Build the image for the machines of the cluster, or keep its pods to nodes it is built for.'
            : `Build the image for ${arch} as well, or keep its pods to nodes it is built for (nodeSelector kubernetes.io/arch).`,
      },
    },
  );
}
