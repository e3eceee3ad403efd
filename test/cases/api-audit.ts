import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstance } from '../cluster/instance.ts';

/** What an API server of the test cluster says itself that was changed there: its audit log. */

export interface Write {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly user: string;
  /** The field manager the request named; empty where it named none. */
  readonly manager: string;
}

interface Entry {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user?: { readonly username?: string };
  readonly objectRef?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly resource?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

const CHANGING: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Asked, not changed, though the verb is `create`. */
const isReview = (resource: string) => /reviews?$/.test(resource);

/** Requests that changed something in a cluster (from 1), in order; dry runs, reviews and refused ones are none. `mark` must be in the line. */
export function writesOf(cluster: number, mark: string): readonly Write[] {
  const logs = join(loadInstance()?.dir ?? '', 'logs');
  const writes: Write[] = [];
  for (const file of readdirSync(logs).filter((f) => f.startsWith(`audit-${cluster}`)))
    for (const line of readFileSync(join(logs, file), 'utf8').split('\n')) {
      if (!line.includes(mark)) continue;
      const entry = JSON.parse(line) as Entry;
      const { name = '', resource = '', namespace } = entry.objectRef ?? {};
      if (entry.stage !== 'ResponseComplete' || !CHANGING.has(entry.verb) || isReview(resource)) continue;
      const query = new URL(entry.requestURI, 'http://server').searchParams;
      if (query.has('dryRun') || (entry.responseStatus?.code ?? 0) >= 300) continue;
      const user = entry.user?.username ?? '';
      writes.push({ verb: entry.verb, resource, namespace, name, user, manager: query.get('fieldManager') ?? '' });
    }
  return writes;
}
