import type { AppParts } from '../app-parts.ts';
import { findObject } from '../objects/find-object.ts';
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
export function logProcedures({ logs, ports }: Pick<AppParts, 'logs' | 'ports'>) {
  return {
    logs: {
      patterns: os.logs.patterns.handler(async ({ input: { context, workload, ...query }, errors }) =>
        must(await logs.patterns(context, { ...query, workload: workload === undefined ? undefined : meant(workload, errors) }), errors),
      ),
      watching: os.logs.watching.handler(async ({ input, errors }) => must(await logs.watching(input.context), errors)),
      watch: os.logs.watch.handler(async ({ input: { context, on, namespace, workload }, errors }) => {
        const name = meant(workload, errors);
        // What is gone can be let go of; and whether something is there cannot be told while its cluster does not answer.
        const there = on ? await findObject(ports.kube, context, name, [namespace]) : undefined;
        if (there?.ok === false && there.failure.code === 'not-found') must(there, errors);
        return { chosen: logs.watch(context, { namespace, workload: name }, on) };
      }),
      forget: os.logs.forget.handler(async ({ input }) => ({ patterns: await logs.forget(input.context) })),
    },
  };
}
