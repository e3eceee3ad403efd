import { stringify } from 'yaml';
import type { ContextName, Failure, Json, TablePage } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** What is read when a person asks for it. */
export function exploreProcedures({ ports }: AppParts) {
  const { kube } = ports;
  return {
    explore: {
      kinds: os.explore.kinds.handler(async ({ input, errors }) => {
        const { kinds, incomplete } = must(await kube.kinds(input.context, input.refresh), errors);
        return { kinds: [...kinds], incomplete: [...incomplete] };
      }),
      table: os.explore.table.handler(async ({ input, errors }) => {
        const { contexts: named, ...ask } = input;
        const contexts = named.length > 0 ? named : (await kube.kubeconfig()).contexts.filter((c) => c.current).map((c) => c.name);
        if (ask.after !== undefined && contexts.length > 1)
          must({ ok: false, failure: { code: 'bad-input', message: 'A next page is of one context: name it alone.' } }, errors);
        const answers = await Promise.all(contexts.map(async (context) => ({ context, answer: await kube.table(context, ask) })));
        const pages: (TablePage & { context: ContextName })[] = [];
        const failed: { context: ContextName; failure: Failure }[] = [];
        for (const { context, answer } of answers)
          if (answer.ok) pages.push({ context, ...answer.value });
          else failed.push({ context, failure: answer.failure });
        return { pages, failed };
      }),
      object: os.explore.object.handler(async ({ input, errors }) => {
        const { context, managedFields, ...ask } = input;
        const whole = must(await kube.object(context, ask), errors);
        const object = managedFields ? whole : withoutManagedFields(whole);
        return { object, yaml: stringify(object, { lineWidth: 0 }) };
      }),
      events: os.explore.events.handler(async ({ input, errors }) => {
        const { context, ...ask } = input;
        const { events, truncated } = must(await kube.kubeEvents(context, ask), errors);
        return { events: [...events], truncated };
      }),
      related: os.explore.related.handler(async ({ input: { context, ...ref } }) => {
        const relations = await kube.related(context, ref);
        return { relations: relations === undefined ? null : [...relations] };
      }),
      logs: os.explore.logs.handler(async function* ({ input, errors, signal }) {
        for await (const item of kube.logs(input, signal)) yield must(item, errors);
      }),
    },
  };
}

function withoutManagedFields(object: Json): Json {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return object;
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  const { managedFields: _folded, ...rest } = metadata;
  return { ...object, metadata: rest };
}
