import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { CALLED_KINDS, backendOf, unreachable } from '../called-service.ts';

const CONVERSION_KINDS = [...CALLED_KINDS, 'CustomResourceDefinition'] as const satisfies readonly Kind[];

/** A definition and what converts it often come together. Milliseconds. */
const GRACE_MS = 2_000;

export const conversionWebhookUnavailable = defineCheck({
  code: 'API-002',
  title: 'A conversion webhook cannot be called',
  severity: 'high',
  role: 'cause',
  kinds: CONVERSION_KINDS,
  hypothesis: 'the webhook that converts its versions cannot be called',
  doc: `A CustomResourceDefinition with several versions may have a webhook convert between them. While that cannot be called, objects that are
stored in another version than the one asked for can be neither read, written nor deleted, which also keeps their namespace from going.`,
  run: ({ view, now, passed }) =>
    view.list('CustomResourceDefinition').flatMap((crd): FindingDraft[] => {
      const service = crd.spec.conversion?.strategy === 'Webhook' ? crd.spec.conversion.webhook?.clientConfig.service : undefined;
      if (service == null || crd.metadata.deletionTimestamp != null) return [];
      const ref = refOf(crd);
      const backend = backendOf(view, service);
      const served = crd.spec.versions.filter((v) => v.served === true).map((v) => v.name);
      const caller = {
        ref,
        field: 'spec.conversion.webhook.clientConfig.service',
        called: service,
        words: `the conversion of CustomResourceDefinition ${crd.metadata.name}`,
      };
      const draft =
        backend === undefined ? undefined : unreachable(caller, backend, `, so its versions (${served.join(', ')}) cannot be converted`);
      if (draft === undefined) {
        if (backend !== undefined) passed(ref, 'what converts its versions has ready endpoints');
        return [];
      }
      if (now - Date.parse(crd.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
      const { spoils, ...rest } = draft;
      // With one version there is nothing to convert yet.
      const needed = new Set([...served, ...crd.status.storedVersions]).size > 1;
      return [{ ...rest, affects: [...spoils], severity: needed ? 'high' : 'low' }];
    }),
});
