import type { KubeObject } from '../contract/index.ts';

type Labels = Readonly<Record<string, string>>;
interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly Requirement[];
}

/** Every pair of the selector is on the object. An empty selector matches everything. */
export function matchesLabels(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** What Gt and Lt compare: a whole number in decimal, as strconv.ParseInt reads it; anything else compares with nothing. */
const whole = (text: string | undefined) => (text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : NaN);

/** One requirement of a label or node selector (apimachinery labels.Requirement and nodeaffinity). */
export function matchesRequirement({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return whole(value) > whole(values[0]);
    case 'Lt':
      return whole(value) < whole(values[0]);
    default:
      return false;
  }
}

/** A missing selector matches nothing; an empty one everything. */
export function matchesSelector(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  if (selector === null || selector === undefined) return false;
  return matchesLabels(selector.matchLabels, labels) && selector.matchExpressions.every((r) => matchesRequirement(r, labels));
}

interface NodeTerm {
  readonly matchExpressions: readonly Requirement[];
  readonly matchFields: readonly Requirement[];
}

/** Node selector terms are alternatives; an empty list matches no node. */
export function matchesNodeTerms(terms: readonly NodeTerm[], node: KubeObject<'Node'>): boolean {
  return terms.some(
    (term) =>
      term.matchExpressions.length + term.matchFields.length > 0 &&
      term.matchExpressions.every((r) => matchesRequirement(r, node.metadata.labels)) &&
      term.matchFields.every((r) => matchesRequirement(r, { 'metadata.name': node.metadata.name })),
  );
}

interface Toleration {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

/** Whether one of the tolerations lets a pod onto a node with the taint (core/v1 Toleration.ToleratesTaint). */
export function tolerates(
  tolerations: readonly Toleration[],
  taint: { readonly key: string; readonly value?: string | undefined; readonly effect: string },
): boolean {
  return tolerations.some(
    (t) =>
      (t.effect === undefined || t.effect === '' || t.effect === taint.effect) &&
      (t.key === undefined || t.key === '' || t.key === taint.key) &&
      (t.operator === 'Exists' || (t.key !== undefined && (t.value ?? '') === (taint.value ?? ''))),
  );
}
