import { Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import type { Client } from './session.ts';

/** The one context and namespace a verb works in: as the flags say, else as the kubeconfig does. */
export async function currentContext(
  client: Client,
  flags: CommonFlags,
): Promise<{ readonly context: string; readonly namespace: string }> {
  const { contexts } = await client.contexts.list({});
  const [asked] = flags.context;
  const found =
    asked === undefined
      ? contexts.find((c) => c.current || contexts.length === 1)
      : (contexts.find((c) => c.name === asked) ?? contexts.find((c) => c.alias === asked));
  const context = found?.name ?? asked;
  if (context === undefined)
    throw new Refusal({ code: 'context-unknown', message: 'No context is named and none is current.', hint: 'Pass --context.' });
  return { context, namespace: flags.namespace[0] ?? found?.namespace ?? 'default' };
}
