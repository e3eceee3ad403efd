import type { Envelope, HostEvent } from '../../agents/contract/index.ts';
import { FEED_LENGTH } from './page.ts';

/** The lists the page keeps, each read again when an event says that it changed. */
export type Part = 'contexts' | 'incidents' | 'plans' | 'agents' | 'hold' | 'autonomy';
export const ALL_PARTS: readonly Part[] = ['contexts', 'incidents', 'plans', 'agents', 'hold', 'autonomy'];

/** Which lists an event makes stale. */
export function partsOf({ type }: HostEvent): readonly Part[] {
  const noun = type.slice(0, type.indexOf('.'));
  switch (noun) {
    case 'cluster':
      return ['contexts', 'incidents', 'agents'];
    case 'kubeconfig':
    case 'context':
      return ['contexts'];
    case 'diagnosis':
      return ['contexts', 'incidents', 'agents'];
    case 'incident':
    case 'dismissal':
    case 'maintenance':
      return ['incidents'];
    case 'plan':
    case 'approval':
    case 'action':
      return ['plans', 'incidents'];
    case 'agent':
      return ['agents'];
    case 'autonomy':
      return ['autonomy', 'plans'];
    case 'agents':
      return ['hold', 'agents'];
    default:
      return [];
  }
}

/** The feed with newer entries put in front, cut to its length. What is there already is not taken twice. */
export function withNews(feed: readonly Envelope[], news: readonly Envelope[]): readonly Envelope[] {
  const newest = feed[0]?.seq ?? 0;
  return [...news.filter((e) => e.seq > newest).toReversed(), ...feed].slice(0, FEED_LENGTH);
}
