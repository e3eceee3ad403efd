import type { ContextName, Kind } from '../../contract/index.ts';
import type { KindRows, KnownCluster, WritableKnown } from '../known/known.ts';
import { FORGET_MISSING_MS, FORGET_UNSEEN_MS } from '../store/known-tables.ts';

/** What the store remembers of clusters, without a disk. `answer` copies, and refuses when the store is closed. */
export function memoryKnown(answer: <T>(read: () => T) => Promise<T>): WritableKnown {
  const clusters = new Map<ContextName, KnownCluster>();
  const missing = new Map<ContextName, number>();
  const rows = new Map<ContextName, { uid: string; kinds: Map<Kind, KindRows> }>();
  const drop = (context: ContextName) => {
    clusters.delete(context);
    missing.delete(context);
    rows.delete(context);
  };
  const of = (context: ContextName, uid: string) => {
    const known = rows.get(context);
    if (known?.uid === uid) return known;
    const fresh = { uid, kinds: new Map<Kind, KindRows>() };
    rows.set(context, fresh);
    return fresh;
  };
  return {
    knownClusters: () => answer(() => [...clusters.values()].sort((a, b) => (a.context < b.context ? -1 : 1))),
    knownRows: (context, kind) => answer(() => rows.get(context)?.kinds.get(kind)),
    putKnownClusters: (all) =>
      answer(() => {
        for (const cluster of structuredClone(all)) {
          clusters.set(cluster.context, cluster);
          missing.delete(cluster.context);
          if (rows.has(cluster.context)) of(cluster.context, cluster.uid);
        }
      }),
    putKnownRows: (context, uid, kind) => answer(() => void of(context, uid).kinds.set(kind.kind, structuredClone(kind))),
    forgetKnown: (contexts) => answer(() => contexts.forEach(drop)),
    tidyKnown: (configured, now) =>
      answer(() => {
        for (const context of clusters.keys())
          if (configured.includes(context)) missing.delete(context);
          else if (!missing.has(context)) missing.set(context, now);
        const old = [...clusters.values()].flatMap(({ context, seenAt }) =>
          (seenAt ?? now) < now - FORGET_UNSEEN_MS || (missing.get(context) ?? now) < now - FORGET_MISSING_MS ? [context] : [],
        );
        old.forEach(drop);
        return old;
      }),
  };
}
