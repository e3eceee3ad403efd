import type { ClusterClient } from './cluster-client.ts';
import type { Snapshot } from './conditions.ts';
import type { Case } from './case.ts';
import type { Rights } from './accounts.ts';
import type { Product } from './product.ts';
import type { Watcher } from './watcher.ts';

/** What came out of one case; `failures` is empty where everything was as expected. */
export interface Played {
  readonly id: string;
  readonly failures: readonly string[];
  readonly family?: number;
  /** What is special about a variant. */
  readonly says?: string;
  /** Code and object of the incident. */
  readonly cause?: string;
  /** Seconds from visible to the incident in the event log; negative where it was foreseen. */
  readonly seconds?: number;
  readonly plan?: string;
  readonly verifiedSeconds?: number;
  readonly bystanders?: boolean;
  readonly found?: boolean;
  readonly one?: boolean;
  readonly repaired?: boolean;
  /** Not found with these rights, and that was said: what is missing, and nothing wrong as if it were sure. */
  readonly honest?: boolean;
}

export interface Stage {
  readonly client: ClusterClient;
  readonly watcher: Watcher;
  readonly product: Product;
  readonly repair: boolean;
  /** How long a repair must last. */
  readonly stableMs: number;
  /** What the account that Quarterdeck has may read. */
  readonly rights: Rights;
  /** Tells runs on one cluster apart. */
  readonly run: string;
}

/** How long a state that must come may take. */
export const HEALTHY_MS = 120_000;

/** uid and spec of the bystanders; what must not change. */
export function identities(c: Case, seen: Snapshot): string {
  return JSON.stringify(
    c.bystanders.map(({ kind, name }) => {
      const object = seen.get(kind, name);
      return [`${kind}/${name}`, object?.metadata.uid, object?.['spec']];
    }),
  );
}
