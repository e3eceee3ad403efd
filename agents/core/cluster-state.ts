import type { ClusterState, Failure, Kind } from '../contract/index.ts';

/** What is known about one cluster at a moment, and how far that can be trusted. Times are milliseconds since 1970. */
export interface ClusterCondition {
  readonly state: ClusterState;
  /** Who it is (see SessionState.uid); empty until it was reached once. */
  readonly uid: string;
  readonly version: string | null;
  /** Objects by kind, as far as they are read. */
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  /** When everything known was last confirmed to be so; undefined where nothing is known. While connected, that is now. */
  readonly confirmedAt: number | undefined;
  /** When the cluster last said anything. */
  readonly seenAt: number | undefined;
  /** Kinds that may be out of date although the cluster answers. */
  readonly stale: readonly Kind[];
  readonly failure: Failure | undefined;
}

export const UNKNOWN_CLUSTER: ClusterCondition = {
  state: 'unknown',
  uid: '',
  version: null,
  counts: {},
  confirmedAt: undefined,
  seenAt: undefined,
  stale: [],
  failure: undefined,
};

/** What is heard about a cluster, in the order in which it happens. */
export type ClusterNews =
  /** Somebody wants it watched. */
  | { readonly type: 'asked' }
  | { readonly type: 'synced'; readonly at: number; readonly uid: string; readonly version: string }
  /**
   * How the reading stands. `confirmedAt` is the moment up to which everything is current: now, or when the first of the `stale` kinds
   * was interrupted, or when the cluster last spoke.
   */
  | {
      readonly type: 'pulse';
      readonly seenAt: number;
      readonly confirmedAt: number;
      readonly counts: ClusterCondition['counts'];
      readonly stale: readonly Kind[];
    }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Nobody wants it watched any more. */
  | { readonly type: 'disconnected'; readonly at: number }
  /** The thread that read it has died; another one goes on by itself. */
  | { readonly type: 'readerLost'; readonly at: number };

/**
 * The state a failure leaves a cluster in. Being refused at the door is told apart from not reaching it, because different people
 * repair the two; a cancelled attempt says nothing about the cluster.
 */
function stateAfter({ code }: Failure): 'offline' | 'unauthorised' | 'unknown' {
  switch (code) {
    case 'cluster-unauthorized':
    case 'forbidden':
      return 'unauthorised';
    case 'cancelled':
      return 'unknown';
    default:
      return 'offline';
  }
}

/** Whether the cluster answers and is being watched, be it with gaps. */
export function isLive(state: ClusterState): boolean {
  return state === 'connected' || state === 'stale';
}

/** What is known after one more piece of news. What was read is kept through every failure, and given up only for another cluster. */
export function nextCondition(before: ClusterCondition, news: ClusterNews): ClusterCondition {
  switch (news.type) {
    case 'asked':
      return isLive(before.state) ? before : { ...before, state: 'connecting', stale: [] };
    case 'synced': {
      const same = before.uid === news.uid || before.uid === '';
      const { at, uid, version } = news;
      return {
        state: 'connected',
        uid,
        version,
        counts: same ? before.counts : {},
        confirmedAt: at,
        seenAt: at,
        stale: [],
        failure: undefined,
      };
    }
    case 'pulse': {
      const { counts, confirmedAt, seenAt } = news;
      if (!isLive(before.state)) return { ...before, counts, confirmedAt, seenAt };
      return { ...before, state: news.stale.length === 0 ? 'connected' : 'stale', stale: news.stale, counts, confirmedAt, seenAt };
    }
    case 'failed': {
      const state = stateAfter(news.failure);
      return { ...before, state, stale: [], failure: state === 'unknown' ? undefined : news.failure };
    }
    case 'disconnected':
      return { ...before, ...lastMoment(before, news.at), state: 'unknown', stale: [], failure: undefined };
    case 'readerLost':
      return isLive(before.state) ? { ...before, ...lastMoment(before, news.at), state: 'connecting', stale: [] } : before;
  }
}

/** What the end of a watch leaves: until then everything was current, unless some of it was not. */
function lastMoment({ state, confirmedAt, seenAt }: ClusterCondition, at: number): Pick<ClusterCondition, 'confirmedAt' | 'seenAt'> {
  return { confirmedAt: state === 'connected' ? at : confirmedAt, seenAt: isLive(state) ? at : seenAt };
}

/** The moment up to which what is known can be trusted; `now` only where it is watched without a gap. Undefined: nothing is known. */
export function asOf({ state, confirmedAt }: ClusterCondition, now: number): number | undefined {
  return state === 'connected' ? now : confirmedAt;
}

/** The condition a cluster is in when the app starts: what was stored, with the last failure, and nobody has asked it yet. */
export function remembered(stored: Omit<ClusterCondition, 'state' | 'stale'>): ClusterCondition {
  return { ...stored, state: stored.failure === undefined ? 'unknown' : stateAfter(stored.failure), stale: [] };
}
