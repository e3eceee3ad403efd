/** What is said of a pattern of log lines, and how its lines are found again. Pure. */

import type { LogPattern } from '../../agents/contract/index.ts';
import { linkTo } from '../state/route.ts';

const VARIES = '<*>';

/** Its words and the places that vary, to be marked apart. */
export const partsOf = (text: string): readonly string[] => text.split(VARIES);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** A longer expression finds nothing more. */
const MOST_PARTS = 12;

/** An expression that its lines fit: its words in their order. Of a stack trace the first line. */
export function filterOf(text: string): string {
  const [first = ''] = text.split('\n');
  return partsOf(first)
    .map((part) => part.trim())
    .filter((part) => part.length > 1)
    .slice(0, MOST_PARTS)
    .map(escaped)
    .join('.*');
}

/** The lines of it, in the logs of its workload. */
export function linkToLines(context: string, { namespace, workload, text }: Pick<LogPattern, 'namespace' | 'workload' | 'text'>): string {
  return linkTo('explore', '~logs', { in: context, namespace, for: workload, since: '3600', filter: filterOf(text), regex: 'true' });
}

/** `12 a minute`, `0.4 a minute`, `40 an hour`: in the unit that can be imagined. */
export function rateWords(perMinute: number): string {
  if (perMinute === 0) return 'none now';
  if (perMinute >= 1) return `${Number(perMinute.toPrecision(2)).toLocaleString('en')} a minute`;
  return `${Number((perMinute * 60).toPrecision(2))} an hour`;
}

export const NEWS_WORDS = { new: 'new', more: 'more than before', burst: 'burst' } as const;
