import { type Kind, type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

/** Controllers write conditions within seconds; what is False after this stays so. Milliseconds. */
const GRACE_MS = 30_000;
const KINDS_READ = ['GatewayClass', 'Gateway', 'HTTPRoute'] as const satisfies readonly Kind[];

/** The conditions in the order in which one follows from the other: what refers to nothing is not accepted, and not programmed. */
const TELLS: Readonly<Record<string, number>> = { ResolvedRefs: 0, Accepted: 1, Programmed: 2 };

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
        const [bad] = all
          .filter((c) => c.status === 'False' && c.type in TELLS && now - Date.parse(c.lastTransitionTime ?? '') > GRACE_MS)
          .sort((a, b) => (TELLS[a.type] ?? 0) - (TELLS[b.type] ?? 0));
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
            params: { supply: supplyFor(object, bad) },
          },
        ];
      }),
    ),
});

/** What the reasons of the Gateway API ask for. */
function supplyFor(
  object: KubeObject<(typeof KINDS_READ)[number]>,
  { reason = '', message = '' }: { readonly reason?: string | undefined; readonly message?: string | undefined },
): string {
  const { namespace = '' } = object.metadata;
  if (reason === 'RefNotPermitted') {
    const others = object.kind === 'HTTPRoute' ? object.spec.rules.flatMap((r) => r.backendRefs.flatMap((b) => b.namespace ?? [])) : [];
    const certificates =
      object.kind === 'Gateway' ? object.spec.listeners.flatMap((l) => l.tls?.certificateRefs.flatMap((c) => c.namespace ?? []) ?? []) : [];
    const there = [...new Set([...others, ...certificates])].filter((n) => n !== namespace);
    return `create a ReferenceGrant in ${there.length === 0 ? 'the namespace that is referred to' : `namespace ${names(there)}`} that lets a ${object.kind} of namespace ${namespace} refer to what it names, or keep both in one namespace`;
  }
  if (reason === 'NotAllowedByListeners')
    return `let the listener take routes of namespace ${namespace} (allowedRoutes), or move the route to a namespace it takes`;
  if (reason === 'NoMatchingListenerHostname' || reason === 'NoMatchingParent')
    return 'name a host and a listener that the Gateway has, or give it one for this route';
  return `correct what its controller says: ${message === '' ? reason : message}`;
}
