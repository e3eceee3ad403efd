import type { AppParts } from '../app-parts.ts';
import { kindOfWord } from '../objects/kind-words.ts';
import { type Failed, must, os } from './os.ts';

/** `deploy/checkout` as `Deployment/checkout`. */
function meant(words: string, errors: Failed): string {
  const [word = '', name = ''] = words.split('/');
  const kind = kindOfWord(word);
  if (kind !== undefined) return `${kind}/${name}`;
  const message = `"${word}" is no kind of workload.`;
  return must<string>({ ok: false, failure: { code: 'bad-input', message, hint: 'For example deployment/checkout.' } }, errors);
}

/** What workloads log, as far as their logs are followed. */
export function logProcedures({ logs }: Pick<AppParts, 'logs'>) {
  return {
    logs: {
      patterns: os.logs.patterns.handler(async ({ input: { context, workload, ...query }, errors }) =>
        must(await logs.patterns(context, { ...query, workload: workload === undefined ? undefined : meant(workload, errors) }), errors),
      ),
      watching: os.logs.watching.handler(async ({ input, errors }) => must(await logs.watching(input.context), errors)),
      watch: os.logs.watch.handler(({ input: { context, on, namespace, workload }, errors }) => ({
        chosen: logs.watch(context, { namespace, workload: meant(workload, errors) }, on),
      })),
      forget: os.logs.forget.handler(async ({ input }) => ({ patterns: await logs.forget(input.context) })),
    },
  };
}
