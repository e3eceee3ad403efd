import type { ContextName, Failure, HelmReleaseRow } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** Helm releases. */
export function helmProcedures({ ports: { kube } }: AppParts) {
  return {
    helm: {
      list: os.helm.list.handler(async ({ input }) => {
        const contexts =
          input.contexts.length > 0 ? input.contexts : (await kube.kubeconfig()).contexts.filter((c) => c.current).map((c) => c.name);
        const answers = await Promise.all(
          contexts.map(async (context) => ({ context, answer: await kube.helmReleases(context, input.namespace) })),
        );
        const releases: HelmReleaseRow[] = [];
        const failed: { context: ContextName; failure: Failure }[] = [];
        for (const { context, answer } of answers)
          if (answer.ok) releases.push(...answer.value);
          else failed.push({ context, failure: answer.failure });
        return { releases, failed };
      }),
      release: os.helm.release.handler(async ({ input, errors }) =>
        must(await kube.helmRelease(input.context, input.namespace, input.name), errors),
      ),
    },
  };
}
