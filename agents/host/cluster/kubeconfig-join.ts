import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import { NO_MARKS } from '../contexts/marks.ts';
import { placeOf } from '../known/place.ts';
import type { KubeContext, KubeconfigReading } from '../ports/kubeconfig.ts';
import type { ClusterEntry, ContextEntry, KubeconfigFile, UserEntry } from './kubeconfig-file.ts';

/** Several kubeconfig files made into one list of contexts. */

/** A context with what is needed to talk to its cluster. Holds credentials: never logged, never sent out of the process. */
export interface KubeTarget {
  readonly context: KubeContext;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** Identity of the user entry and of what it says (file, name, digest): credentials are cached under it. */
  readonly userKey: string;
}

export interface LoadedKubeconfig extends KubeconfigReading {
  /** The connection data of a context, or why it has none (`context-unknown`, `kubeconfig-invalid`). */
  target(name: ContextName): Outcome<KubeTarget>;
}

export interface Part {
  readonly file: KubeconfigFile;
  readonly demo: boolean;
  /** Not there any more; what it said holds for a moment, but not against a file that is there. */
  readonly absent: boolean;
}

export type Problem = KubeconfigReading['problems'][number];

interface Found {
  readonly part: Part;
  readonly name: string;
  readonly entry: ContextEntry;
}

const NO_USER: UserEntry = {
  'client-certificate': undefined,
  'client-certificate-data': undefined,
  'client-key': undefined,
  'client-key-data': undefined,
  token: undefined,
  tokenFile: undefined,
  username: undefined,
  password: undefined,
  as: undefined,
  'as-uid': undefined,
};

const NAMED = 8;

export function joinFiles(parts: readonly Part[], before: readonly Problem[], added: readonly string[]): LoadedKubeconfig {
  const problems = [...before, ...parts.flatMap(({ file }) => file.problems.map((failure) => ({ file: file.file, failure })))];
  const there = new Set(parts.filter((p) => !p.absent).flatMap(({ file }) => [...file.contexts.keys()]));
  const found: Found[] = parts.flatMap((part) =>
    [...part.file.contexts].flatMap(([name, entry]) => (part.absent && there.has(name) ? [] : [{ part, name, entry }])),
  );
  const names = shownNames(found);
  const current = currentOf(found, parts);
  const entries = new Entries(parts);
  const targets = new Map<ContextName, Outcome<KubeTarget>>();
  const contexts: KubeContext[] = [];
  for (const one of found) {
    const { context, target } = targetOf(one, names.get(one) ?? one.name, one === current, entries);
    contexts.push(context);
    targets.set(context.name, target);
    if (!target.ok) problems.push({ file: context.file, failure: target.failure });
  }
  return { contexts, problems, added, target: (name) => targets.get(name) ?? { ok: false, failure: unknown(name, contexts) } };
}

function unknown(name: ContextName, contexts: readonly KubeContext[]): Failure {
  const some = contexts.slice(0, NAMED).map((c) => c.name);
  return {
    code: 'context-unknown',
    message: `There is no context ${name} in the kubeconfig.`,
    hint:
      some.length === 0
        ? 'No kubeconfig holds any context.'
        : `There are: ${some.join(', ')}${contexts.length > some.length ? ', …' : ''}.`,
  };
}

/** A name that only one file has is shown as it is; where files repeat one, `file/context`, with as much path as it takes. */
function shownNames(found: readonly Found[]): ReadonlyMap<Found, string> {
  const names = new Map<Found, string>();
  const count = (of: (one: Found) => string) => {
    const counts = new Map<string, number>();
    for (const one of found) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1);
    return counts;
  };
  const plain = (one: Found) => one.name;
  const short = (one: Found) => `${basename(one.part.file.file)}/${one.name}`;
  const plains = count(plain);
  const shorts = count(short);
  for (const one of found) {
    const unique = plains.get(plain(one)) === 1;
    // A context may itself be called `file/name`; then the full path tells them apart.
    const free = shorts.get(short(one)) === 1 && !plains.has(short(one));
    names.set(one, unique ? one.name : free ? short(one) : `${one.part.file.file}/${one.name}`);
  }
  return names;
}

/** The current-context of the first file that has one: in that file, else in the first that knows the name. */
function currentOf(found: readonly Found[], parts: readonly Part[]): Found | undefined {
  const first = parts.find(({ file, absent }) => file.current !== undefined && !absent) ?? parts.find(({ file }) => file.current);
  if (first === undefined) return undefined;
  const named = found.filter((one) => one.name === first.file.current);
  return named.find((one) => one.part === first) ?? named[0];
}

/** As kubectl does: an entry another file of the list defines will do where the context's own file has none. */
class Entries {
  readonly #clusters = new Map<string, ClusterEntry>();
  readonly #users = new Map<string, { readonly file: string; readonly user: UserEntry }>();

  constructor(parts: readonly Part[]) {
    for (const { file, demo } of parts) {
      for (const [name, cluster] of file.clusters) put(this.#clusters, `${demo} ${name}`, cluster);
      for (const [name, user] of file.users) put(this.#users, `${demo} ${name}`, { file: file.file, user });
    }
  }

  cluster({ file, demo }: Part, name: string): ClusterEntry | undefined {
    return file.clusters.get(name) ?? this.#clusters.get(`${demo} ${name}`);
  }

  user({ file, demo }: Part, name: string): { readonly file: string; readonly user: UserEntry } | undefined {
    const own = file.users.get(name);
    return own === undefined ? this.#users.get(`${demo} ${name}`) : { file: file.file, user: own };
  }
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  if (!map.has(key)) map.set(key, value);
}

function targetOf(
  { part, name, entry }: Found,
  shown: string,
  current: boolean,
  entries: Entries,
): { context: KubeContext; target: Outcome<KubeTarget> } {
  const { file, demo } = part;
  const cluster = entry.cluster === undefined ? undefined : entries.cluster(part, entry.cluster);
  const owner = entry.user === undefined ? { file: file.file, user: NO_USER } : entries.user(part, entry.user);
  const context: KubeContext = {
    name: shown,
    nameInFile: name,
    cluster: entry.cluster ?? '',
    user: entry.user ?? '',
    server: cluster?.server ?? '',
    namespace: entry.namespace ?? 'default',
    file: file.file,
    current,
    demo,
    // What people say about contexts is kept beside the log and never in a kubeconfig; whoever lists contexts adds it.
    place: cluster === undefined ? '' : places.of(cluster),
    ...NO_MARKS,
  };
  const invalid = (message: string, hint: string): { context: KubeContext; target: Outcome<KubeTarget> } => ({
    context,
    target: { ok: false, failure: { code: 'kubeconfig-invalid', message: `${file.file}: context "${name}" ${message}`, hint } },
  });
  if (entry.cluster === undefined) return invalid('names no cluster.', 'Add cluster: to it.');
  if (cluster === undefined)
    return invalid(`names cluster "${entry.cluster}", which is in no file.`, 'Add that cluster, or correct the name.');
  if (owner === undefined) return invalid(`names user "${entry.user ?? ''}", which is in no file.`, 'Add that user, or correct the name.');
  if (cluster.server === undefined)
    return invalid(`names cluster "${entry.cluster}", which has no server.`, 'Add server: https://… to it.');
  if (!/^https?:$/.test(URL.parse(cluster.server)?.protocol ?? ''))
    return invalid(`names cluster "${entry.cluster}", whose server is not an http or https URL.`, 'Correct server:.');
  return {
    context,
    target: {
      ok: true,
      value: {
        context,
        cluster,
        user: owner.user,
        // Made when it is asked for: of thousands of contexts few are ever connected.
        get userKey() {
          return `${owner.file}\n${entry.user ?? ''}\n${digests.of(owner.user)}`;
        },
      },
    },
  };
}

/** Hashes of entries, made once for each: 2,000 contexts with certificates are 11 MB. */
class OncePerEntry<E extends object> {
  readonly #known = new WeakMap<E, string>();
  readonly #make: (entry: E) => string;

  constructor(make: (entry: E) => string) {
    this.#make = make;
  }

  of(entry: E): string {
    let value = this.#known.get(entry);
    if (value === undefined) this.#known.set(entry, (value = this.#make(entry)));
    return value;
  }
}

const places = new OncePerEntry<ClusterEntry>(placeOf);
const digests = new OncePerEntry<UserEntry>((user) => createHash('sha256').update(JSON.stringify(user)).digest('base64url'));
