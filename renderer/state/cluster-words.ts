import type { ContextRow } from '../../agents/contract/index.ts';

/** What is said of a cluster beside its state's one word, and how old what is shown of it is. */

type State = ContextRow['state'];

/** Whether what is shown of it is current, or nearly all of it. Only then anything may look well. */
export function isLive(state: State | undefined): boolean {
  return state === 'connected' || state === 'stale';
}

/** The state in its one word, with what it means for the person who looks. */
export function stateWords({ state, stale, asOf }: Pick<ContextRow, 'state' | 'stale' | 'asOf'>): string {
  switch (state) {
    case 'connected':
      return 'connected';
    case 'connecting':
      return 'connecting: reading…';
    case 'stale':
      return `stale: ${stale.length === 0 ? 'some kinds are' : `${listed(stale)} ${stale.length === 1 ? 'is' : 'are'}`} not watched for now`;
    case 'offline':
      return 'offline: cannot be reached';
    case 'unauthorised':
      return 'unauthorised: reached, login refused';
    case 'unknown':
      return asOf === null ? 'unknown: never read' : 'unknown: not watched now';
  }
}

const MOST_NAMED = 3;
function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** Those a person asks for first. */
const NAMED = { Node: 'node', Namespace: 'namespace', Deployment: 'deployment', Pod: 'pod' } as const;

/** `412: 3 nodes, 120 pods`; a dash where nothing is known. */
export function countWords({ objects, counts }: Pick<ContextRow, 'objects' | 'counts'>): string {
  if (objects === null) return '–';
  const named = Object.entries(NAMED).flatMap(([kind, noun]) => {
    const n = counts[kind];
    return n === undefined || n === 0 ? [] : [`${n} ${noun}${n === 1 ? '' : 's'}`];
  });
  return `${objects}${named.length === 0 ? '' : `: ${named.join(', ')}`}`;
}

/** `14:05` on the same day, `23 Nov, 14:05` before, in the words of the reader's own place; milliseconds since 1970. */
export function clockWords(at: number, now: number, locale?: string): string {
  const [then, today] = [new Date(at), new Date(now)];
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const sameDay = then.toDateString() === today.toDateString();
  const sameYear = then.getFullYear() === today.getFullYear();
  const day = { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' as const }) } as const;
  return sameDay ? then.toLocaleTimeString(locale, time) : then.toLocaleString(locale, { ...day, ...time });
}

/** Words with the times in them as the reader's clock says them. */
export const localTimes = (words: string, now: number, locale?: string): string =>
  words.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => clockWords(Date.parse(time), now, locale));
