import type { ContextName, Kind } from '../../contract/index.ts';
import { MapKeeper } from '../known/map-keeper.ts';
import { RowKeeper } from '../known/row-keeper.ts';
import type { ByteBudget } from '../logs/byte-budget.ts';
import { LogFollower } from '../logs/log-follower.ts';
import type { WantedLogs } from '../logs/watch-list.ts';
import type { Feed } from '../metrics/feed.ts';
import type { ReadingOf } from '../metrics/reading-book.ts';
import { Scraper } from '../metrics/scraper.ts';
import type { ClusterNotice } from '../ports/notices.ts';
import { giveBackSoon } from '../spare-memory.ts';
import { ChangeRecorder } from './changes.ts';
import type { ClusterLine } from './cluster-line.ts';
import { ClusterSession } from './cluster-session.ts';
import type { ViewHub } from './view-hub.ts';

/** Where its metrics and patterns of logs go, and what is read of them. */
export interface Series {
  readonly feed: Feed;
  readonly reading: ReadingOf;
  readonly budget: ByteBudget;
  readonly wantedLogs: WantedLogs[ContextName] | undefined;
}

/** One connected cluster: its session, and everybody who lives from what that reads. */
export class WatchedCluster {
  readonly session: ClusterSession;
  readonly #line: ClusterLine;
  readonly #hub: ViewHub;
  readonly #notify: (notice: ClusterNotice) => void;
  readonly #recorder: ChangeRecorder;
  readonly #keeper: RowKeeper;
  /** While somebody looks at the map. */
  #map: MapKeeper | undefined;
  #scraper: Scraper | undefined;
  #follower: LogFollower | undefined;

  constructor(line: ClusterLine, hub: ViewHub, notify: (notice: ClusterNotice) => void) {
    this.#line = line;
    this.#hub = hub;
    this.#notify = notify;
    const context = line.target.context.name;
    this.session = new ClusterSession(line.target, line.transport, {
      changed: (kind, key) => this.#changed(kind, key),
      observed: (...seen) => this.#recorder.observed(...seen),
      settled: () => {
        hub.settled(this.session);
        this.#map?.settled();
      },
      notice: (notice) => this.#said(notice),
    });
    this.#recorder = new ChangeRecorder(context, (changes) => notify({ type: 'changes', context, changes }));
    this.#keeper = new RowKeeper(this.session, line.target.context.place, notify, Date.now);
    hub.opened(this.session);
  }

  get keeper(): Pick<RowKeeper, 'page' | 'flush'> {
    return this.#keeper;
  }

  /** Undefined until it is fed. */
  get scraper(): Scraper | undefined {
    return this.#scraper;
  }

  /** Undefined until it is fed. */
  get follower(): LogFollower | undefined {
    return this.#follower;
  }

  showMap(on: boolean): void {
    this.#map?.stop();
    this.#map = on ? new MapKeeper(this.session, (part) => this.#notify({ type: 'map', part })) : undefined;
  }

  /** Reads metrics and logs into these series from now on, and into no others. */
  feed({ feed, reading, budget, wantedLogs }: Series): void {
    this.#scraper?.stop();
    this.#follower?.stop();
    const { session } = this;
    const { transport, metrics } = this.#line;
    this.#scraper = new Scraper({ session, transport: metrics, reads: transport, feed, set: reading });
    this.#follower = new LogFollower({
      session,
      transport,
      store: feed,
      budget,
      news: (patterns) => this.#notify({ type: 'logNews', context: session.context, patterns }),
    });
    this.#follower.want(new Map(wantedLogs));
  }

  /** Says by notice what changed and is still gathered. */
  flushChanges(): void {
    this.#recorder.flush();
  }

  /** Resolves when what was read has been handed on to be remembered. */
  close(): Promise<void> {
    this.#scraper?.stop();
    this.#follower?.stop();
    this.#recorder.flush();
    this.#map?.stop();
    this.#keeper.stop();
    const kept = this.#keeper.flush();
    this.session.stop();
    this.#hub.closed(this.session.context);
    return kept;
  }

  #changed(kind: Kind, key: string): void {
    this.#hub.changed(this.session.context, kind, key);
    this.#keeper.dirty(kind, key);
    this.#map?.changed(kind, key);
    this.#scraper?.changed(kind, key);
    this.#follower?.changed(kind, key);
  }

  /** How far what was read can be trusted is said before the bad news, and who it is before anything else about it. */
  #said(notice: ClusterNotice): void {
    if (notice.type === 'offline') void this.#keeper.flush();
    if (notice.type === 'synced') this.#recorder.identified(notice.uid);
    this.#notify(notice);
    if (notice.type !== 'synced') return;
    this.#keeper.identified(notice.uid);
    giveBackSoon();
  }
}
