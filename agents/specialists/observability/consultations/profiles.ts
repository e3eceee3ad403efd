import type { MetricProfile } from '../../../contract/index.ts';
import type { OfferContext } from '../../../core/agent.ts';

/** What the offers about weeks share: kept series in figures. */

type Ask = OfferContext<'Pod', 'observability.trends'>['ask'];
const QUOTED = /["\\\n]/;

export interface Profiles {
  readonly series: readonly MetricProfile[];
  readonly truncated: boolean;
  /** Why there are none. */
  readonly failure: string | undefined;
}

/** Times are rounded to five minutes, so that who asks again in a while asks the same. */
export const rounded = (now: number): number => Math.floor(now / 300_000) * 300_000;

export function profilesOf(ask: Ask, match: string, from: number, to: number): Profiles {
  const fact = ask({ type: 'metricProfiles', match, from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  if (fact === undefined) return { series: [], truncated: false, failure: undefined };
  return fact.ok ? { ...fact.value, failure: undefined } : { series: [], truncated: false, failure: fact.failure.message };
}

/** `name{namespace="shop",…}`; undefined where a value could not be one of a label. */
export function selector(name: string, labels: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(labels).flatMap(([label, value]) =>
    value === undefined || QUOTED.test(value) ? [] : [`${label}=${JSON.stringify(value)}`],
  );
  return `${name}{${pairs.join(',')}}`;
}
