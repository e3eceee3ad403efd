import type { RawObject } from './objects.ts';

/** Times as the API writes them: whole seconds. */
export const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export const conditionsOf = (object: RawObject) => (object.status?.['conditions'] ?? []) as readonly Condition[];

/** A condition as it is to be written: the time of its last change is kept while it says the same. `first` is that of a new one. */
export function conditionOf(
  object: RawObject,
  type: string,
  good: boolean,
  why: { readonly reason?: string; readonly message?: string },
  at: { readonly first: string; readonly now: string },
): Condition {
  const status = good ? 'True' : 'False';
  const last = conditionsOf(object).find((c) => c.type === type);
  const lastTransitionTime = last === undefined ? at.first : last.status === status ? (last.lastTransitionTime ?? at.first) : at.now;
  return { type, status, lastTransitionTime, ...why };
}

export const isReady = (pod: RawObject) => conditionsOf(pod).some((c) => c.type === 'Ready' && c.status === 'True');
