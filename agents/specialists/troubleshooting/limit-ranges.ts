import type { Container, KubeObject, PodSpec } from '../../contract/index.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { podAmounts } from './pod-requests.ts';
import { withDefaults } from './quota.ts';

/** The arithmetic of LimitRanges (the LimitRanger admission plugin's). */

type Range = KubeObject<'LimitRange'>;
type Resources = Container['resources'];

/** A rule that a pod breaks. */
export interface Broken {
  readonly range: string;
  readonly rule: 'max' | 'min' | 'ratio' | 'default';
  readonly type: 'Container' | 'Pod';
  readonly resource: string;
  readonly side: 'requests' | 'limits';
  /** As written in the LimitRange. */
  readonly bound: string;
  /** What the pod has there, as written or completed; undefined where it has nothing. */
  readonly actual: string | number | undefined;
  /** Where: `containers[0]`; undefined for the pod as a whole. */
  readonly place?: string;
  readonly container?: string;
}

const amount = (text: string | undefined) => (text === undefined ? undefined : parseQuantity(text));
const over = (a: number | undefined, b: number | undefined) => a !== undefined && b !== undefined && a > b * (1 + 1e-9);

interface Rule {
  readonly range: string;
  readonly limit: Range['spec']['limits'][number];
}
export const rulesOf = (ranges: readonly Range[], type: 'Container' | 'Pod'): readonly Rule[] =>
  ranges.flatMap((r) => r.spec.limits.filter((l) => l.type === type).map((limit) => ({ range: r.metadata.name, limit })));

/** The rules a pod of this spec breaks, once the defaults of the same LimitRanges have completed it. */
export function brokenRules(spec: PodSpec, ranges: readonly Range[]): readonly Broken[] {
  const complete = withDefaults(spec, ranges);
  const inside = (['containers', 'initContainers'] as const).flatMap((list) =>
    complete[list].flatMap((container, i) =>
      ofResources(container.resources, rulesOf(ranges, 'Container'), spec[list][i]?.resources).map((b) => ({
        ...b,
        place: `${list}[${i}]`,
        container: container.name,
      })),
    ),
  );
  return [...inside, ...ofPod(complete, rulesOf(ranges, 'Pod'))];
}

export function ofResources({ requests, limits }: Resources, rules: readonly Rule[], written?: Resources): readonly Broken[] {
  const found: Broken[] = [];
  for (const { range, limit } of rules) {
    const base = { range, type: 'Container' } as const;
    for (const [resource, bound] of Object.entries(limit.max))
      if (limits[resource] === undefined || over(amount(limits[resource]), amount(bound)))
        found.push({ ...base, rule: 'max', resource, side: 'limits', bound, actual: limits[resource] });
      else if (over(amount(requests[resource]), amount(bound)))
        found.push({ ...base, rule: 'max', resource, side: 'requests', bound, actual: requests[resource] });
    for (const [resource, bound] of Object.entries(limit.min))
      if (requests[resource] === undefined || over(amount(bound), amount(requests[resource])))
        found.push({ ...base, rule: 'min', resource, side: 'requests', bound, actual: requests[resource] });
      else if (over(amount(bound), amount(limits[resource])))
        found.push({ ...base, rule: 'min', resource, side: 'limits', bound, actual: limits[resource] });
    for (const [resource, bound] of Object.entries(limit.maxLimitRequestRatio)) {
      const [asked, most] = [amount(requests[resource]), amount(limits[resource])];
      if (asked === undefined || asked === 0 || most === undefined || over(most / asked, amount(bound)))
        found.push({
          ...base,
          rule: 'ratio',
          resource,
          side: 'requests',
          bound,
          actual: asked === undefined || asked === 0 || most === undefined ? undefined : Math.round((most / asked) * 100) / 100,
        });
    }
    // A request that is written beside a limit that is not: the default limit may be less.
    for (const [resource, bound] of Object.entries(limit.default))
      if (written?.limits[resource] === undefined && limits[resource] === bound && over(amount(requests[resource]), amount(bound)))
        found.push({ ...base, rule: 'default', resource, side: 'limits', bound, actual: requests[resource] });
  }
  return found;
}

function ofPod(spec: PodSpec, rules: readonly Rule[]): readonly Broken[] {
  const [requests, limits] = [podAmounts(spec), podAmounts(spec, 'limits')];
  return rules.flatMap(({ range, limit }) => {
    const base = { range, type: 'Pod' } as const;
    return [
      ...Object.entries(limit.max).flatMap(([resource, bound]): Broken[] =>
        limits[resource] === undefined || over(limits[resource], amount(bound))
          ? [{ ...base, rule: 'max', resource, side: 'limits', bound, actual: limits[resource] }]
          : [],
      ),
      ...Object.entries(limit.min).flatMap(([resource, bound]): Broken[] =>
        requests[resource] === undefined || over(amount(bound), requests[resource])
          ? [{ ...base, rule: 'min', resource, side: 'requests', bound, actual: requests[resource] }]
          : [],
      ),
      ...Object.entries(limit.maxLimitRequestRatio).flatMap(([resource, bound]): Broken[] => {
        const [asked, most] = [requests[resource] ?? 0, limits[resource] ?? 0];
        return asked === 0 || over(most / asked, amount(bound))
          ? [{ ...base, rule: 'ratio', resource, side: 'requests', bound, actual: asked === 0 ? undefined : most / asked }]
          : [];
      }),
    ];
  });
}
