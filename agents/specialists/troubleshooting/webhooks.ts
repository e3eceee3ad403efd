import { type Kind, type KubeObject, refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import type { View } from '../../core/view.ts';
import { CALLED_KINDS, type Called, type Caller } from './called-service.ts';
import { refusedBy } from './refusal-words.ts';
import { type RefusedPods, refusedPods } from './refused-pods.ts';

/** Admission webhooks, and the workloads whose pods they keep out. */

export const WEBHOOK_KINDS = [
  ...CALLED_KINDS,
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
] as const satisfies readonly Kind[];
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];
type Configuration = KubeObject<'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration'>;

export interface Webhook {
  readonly configuration: Configuration;
  readonly name: string;
  readonly path: string;
  readonly called: Called | undefined;
  /** Refuses what it is to judge while it cannot be called. */
  readonly closes: boolean;
  readonly hasBundle: boolean;
}

export function webhooksOf(view: View<WebhookKind>): readonly Webhook[] {
  return [...view.list('ValidatingWebhookConfiguration'), ...view.list('MutatingWebhookConfiguration')].flatMap((configuration) =>
    configuration.metadata.deletionTimestamp != null
      ? []
      : configuration.webhooks.map(({ name, clientConfig, failurePolicy }, i): Webhook => ({
          configuration,
          name,
          path: `webhooks[${i}].clientConfig`,
          called: clientConfig.service ?? undefined,
          closes: failurePolicy !== 'Ignore',
          hasBundle: (clientConfig.caBundle ?? '') !== '',
        })),
  );
}

export function callerOf({ configuration, name, path, called }: Webhook): Caller | undefined {
  const ref = refOf(configuration);
  return called === undefined ? undefined : { ref, field: `${path}.service`, called, words: `webhook ${name} of ${ref.kind} ${ref.name}` };
}

export interface Failed extends RefusedPods {
  readonly webhook: string;
  readonly host: string | undefined;
  readonly reason: string;
}

/** Workloads whose pods are refused because a webhook could not be asked, by the name of the webhook. */
export function refusedByFailure(ctx: CheckContext<WebhookKind>): ReadonlyMap<string, readonly Failed[]> {
  const found = new Map<string, Failed[]>();
  for (const refused of refusedPods(ctx)) {
    const words = refusedBy(refused.text);
    if (words.by !== 'webhookFailed') continue;
    const failed = { ...refused, webhook: words.webhook, host: words.host, reason: words.reason };
    const there = found.get(words.webhook);
    if (there === undefined) found.set(words.webhook, [failed]);
    else there.push(failed);
  }
  return found;
}

/** The refusals that are this webhook's: of its name, and, where several have that name, called at its Service. */
export function refusalsOf({ name, called }: Webhook, failed: ReadonlyMap<string, readonly Failed[]>): readonly Failed[] {
  const host = called === undefined ? undefined : `${called.name}.${called.namespace}.svc`;
  return (failed.get(name) ?? []).filter((f) => host === undefined || f.host === undefined || f.host.split(':')[0] === host);
}
