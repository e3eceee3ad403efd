import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';

/** Controllers write conditions within seconds; what is False after this stays so. Milliseconds. */
const GRACE_MS = 30_000;
const KINDS_READ = ['GatewayClass', 'Gateway', 'HTTPRoute'] as const satisfies readonly Kind[];

export const gatewayNotAccepted = defineCheck({
  code: 'GTW-002',
  title: 'A controller does not accept a Gateway or route',
  severity: 'medium',
  role: 'symptom',
  kinds: KINDS_READ,
  hypothesis: 'its controller does not accept it',
  doc: `The controller says by a condition (Accepted, Programmed, ResolvedRefs) that it cannot do what the object asks for: a listener in conflict, a reference that is not
permitted or not found, a value it does not support. Its own words are quoted.`,
  run: ({ view, now, passed }) =>
    KINDS_READ.flatMap((kind) =>
      view.list(kind).flatMap((object): FindingDraft[] => {
        const own = 'conditions' in object.status ? object.status.conditions : [];
        const listeners =
          object.kind === 'Gateway'
            ? object.status.listeners.flatMap((l) => l.conditions.map((c) => ({ ...c, at: `listener ${l.name}` })))
            : [];
        const parents =
          object.kind === 'HTTPRoute'
            ? object.status.parents.flatMap((p) => p.conditions.map((c) => ({ ...c, at: `Gateway ${p.parentRef.name}` })))
            : [];
        const all = [...own.map((c) => ({ ...c, at: undefined })), ...listeners, ...parents];
        const bad = all.find(
          (c) =>
            c.status === 'False' &&
            /^(?:Accepted|Programmed|ResolvedRefs)$/.test(c.type) &&
            now - Date.parse(c.lastTransitionTime ?? '') > GRACE_MS,
        );
        const ref = refOf(object);
        if (bad === undefined) {
          if (all.length > 0) passed(ref, 'its controller accepts it');
          return [];
        }
        return [
          {
            subject: ref,
            field: `status.conditions[${bad.type}]`,
            affects: [],
            message: `${bad.type} is False${bad.at === undefined ? '' : ` for ${bad.at}`} (${bad.reason ?? 'no reason'}): ${bad.message ?? 'the controller gives no message'}`,
            evidence: [fieldEvidence(ref, `status.conditions[${bad.type}].message`, bad.message ?? bad.reason ?? '')],
            confidence: 0.6,
          },
        ];
      }),
    ),
});
