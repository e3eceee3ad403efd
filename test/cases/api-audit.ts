import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs';
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
export const writesOf = (cluster: number, mark: string): readonly Write[] => new AuditTail(cluster, mark).more();

/**
 * The same, heard as it is written: the server puts a full file aside and lets the oldest go, so that who counts what many requests did
 * must read meanwhile.
 */
export class AuditTail {
  readonly #cluster: number;
  readonly #mark: string;
  /** How far each file is read, by its inode: one that was put aside is the same file. */
  readonly #read = new Map<number, number>();

  constructor(cluster: number, mark: string) {
    this.#cluster = cluster;
    this.#mark = mark;
  }

  /** What was written since the last time. */
  more(): readonly Write[] {
    const logs = join(loadInstance()?.dir ?? '', 'logs');
    const files = readdirSync(logs).filter((f) => f.startsWith(`audit-${this.#cluster}`));
    return files.flatMap((name) => this.#since(join(logs, name)));
  }

  #since(path: string): readonly Write[] {
    const file = openSync(path, 'r');
    try {
      const { ino, size } = fstatSync(file);
      const from = this.#read.get(ino) ?? 0;
      const bytes = Buffer.alloc(size - from);
      readSync(file, bytes, 0, bytes.length, from);
      const end = bytes.lastIndexOf(0x0a) + 1;
      this.#read.set(ino, from + end);
      const lines = bytes.subarray(0, end).toString('utf8').split('\n');
      return lines.flatMap((line) => (line.includes(this.#mark) ? writeIn(line) : []));
    } finally {
      closeSync(file);
    }
  }
}

function writeIn(line: string): readonly Write[] {
  const entry = JSON.parse(line) as Entry;
  const { name = '', resource = '', namespace } = entry.objectRef ?? {};
  if (entry.stage !== 'ResponseComplete' || !CHANGING.has(entry.verb) || isReview(resource)) return [];
  const query = new URL(entry.requestURI, 'http://server').searchParams;
  if (query.has('dryRun') || (entry.responseStatus?.code ?? 0) >= 300) return [];
  const user = entry.user?.username ?? '';
  return [{ verb: entry.verb, resource, namespace, name, user, manager: query.get('fieldManager') ?? '' }];
}
