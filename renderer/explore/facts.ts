import type { Json } from '../../agents/contract/index.ts';

/** What an object says of itself, of whatever kind it is. Pure; the object is data that may be anything. */

export interface Facts {
  readonly kind: string;
  /** RFC 3339. */
  readonly created: string | undefined;
  /** `ReplicaSet/web-7d9f`. */
  readonly owners: readonly string[];
  /** Numbers, words and yes or no that stand in its status, by their field. */
  readonly plain: readonly (readonly [string, string])[];
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
  readonly labels: readonly (readonly [string, string])[];
  readonly annotations: readonly (readonly [string, string])[];
}

type Fields = Readonly<Record<string, Json>>;

const fields = (of: Json | undefined): Fields => (typeof of === 'object' && of !== null && !Array.isArray(of) ? (of as Fields) : {});
const list = (of: Json | undefined): readonly Json[] => (Array.isArray(of) ? (of as readonly Json[]) : []);
const text = (of: Json | undefined): string => (of === undefined || of === null || typeof of === 'object' ? '' : String(of));
const pairs = (of: Json | undefined) => Object.entries(fields(of)).map(([key, value]) => [key, text(value)] as const);

export function factsOf(object: Json): Facts {
  const { kind, metadata, status } = fields(object);
  const { creationTimestamp, ownerReferences, labels, annotations } = fields(metadata);
  const created = text(creationTimestamp);
  const said = fields(status);
  return {
    kind: text(kind),
    created: Number.isNaN(Date.parse(created)) ? undefined : created,
    owners: list(ownerReferences).map((o) => `${text(fields(o)['kind'])}/${text(fields(o)['name'])}`),
    plain: pairs(status).filter(([, value]) => value !== ''),
    conditions: list(said['conditions']).map((c) => {
      const { type, status: state, reason, message } = fields(c);
      return { type: text(type), status: text(state), reason: text(reason), message: text(message) };
    }),
    labels: pairs(labels),
    annotations: pairs(annotations),
  };
}
