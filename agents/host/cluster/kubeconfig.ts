import { stat } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import type { KubeContext, KubeconfigReading } from '../ports.ts';
import { type ClusterEntry, type ContextEntry, type KubeconfigFile, type UserEntry, readKubeconfigFile } from './kubeconfig-file.ts';

/** Where kubeconfig files are looked for. Explicit paths win over `$KUBECONFIG`, that over `~/.kube/config`. */
export interface KubeconfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Read besides the others; its contexts are marked as demo. */
  readonly demoKubeconfig?: string | undefined;
}

/** A context with what is needed to talk to its cluster. Holds credentials: never logged, never sent out of the process. */
export interface KubeTarget {
  readonly context: KubeContext;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** Identity of the user entry: credentials are cached under it. */
  readonly userKey: string;
}

interface LoadedKubeconfig extends KubeconfigReading {
  /** The connection data of a context, or why it has none (`context-unknown`, `kubeconfig-invalid`). */
  target(name: ContextName): Outcome<KubeTarget>;
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

function filesOf(sources: KubeconfigSources): readonly { file: string; demo: boolean }[] {
  const listed = (sources.env['KUBECONFIG'] ?? '').split(delimiter).filter((p) => p !== '');
  const explicit = sources.kubeconfigPaths ?? [];
  const paths = explicit.length > 0 ? explicit : listed.length > 0 ? listed : [join(sources.home, '.kube', 'config')];
  const demo = sources.demoKubeconfig === undefined ? undefined : resolve(sources.demoKubeconfig);
  const own = [...new Set(paths.map((p) => resolve(p)))].filter((file) => file !== demo);
  return [...own.map((file) => ({ file, demo: false })), ...(demo === undefined ? [] : [{ file: demo, demo: true }])];
}

/** Reads the files again only when one has changed (by time, size or presence). Makes no connection and runs no plugin. */
export class KubeconfigReader {
  readonly #sources: KubeconfigSources;
  readonly #files = new Map<string, { readonly stamp: string; readonly outcome: Outcome<KubeconfigFile> }>();
  #joined: { readonly stamp: string; readonly loaded: LoadedKubeconfig } | undefined;

  constructor(sources: KubeconfigSources) {
    this.#sources = sources;
  }

  async read(): Promise<LoadedKubeconfig> {
    const files = filesOf(this.#sources);
    const read = await Promise.all(files.map(async ({ file, demo }) => ({ file, demo, ...(await this.#file(file)) })));
    const stamp = read.map((r) => `${r.file} ${r.stamp}`).join('\n');
    if (this.#joined?.stamp !== stamp) this.#joined = { stamp, loaded: joinFiles(read) };
    return this.#joined.loaded;
  }

  async #file(file: string): Promise<{ stamp: string; outcome: Outcome<KubeconfigFile> }> {
    const before = await stampOf(file);
    const known = this.#files.get(file);
    if (known !== undefined && known.stamp === before) return known;
    const fresh = { stamp: before, outcome: await readKubeconfigFile(file) };
    this.#files.set(file, fresh);
    return fresh;
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

interface Found {
  readonly file: KubeconfigFile;
  readonly demo: boolean;
  readonly name: string;
  readonly entry: ContextEntry;
}

function joinFiles(read: readonly { file: string; demo: boolean; outcome: Outcome<KubeconfigFile> }[]): LoadedKubeconfig {
  const problems: { file: string; failure: Failure }[] = [];
  const files: { file: KubeconfigFile; demo: boolean }[] = [];
  for (const { file, demo, outcome } of read) {
    if (!outcome.ok) problems.push({ file, failure: outcome.failure });
    else {
      files.push({ file: outcome.value, demo });
      problems.push(...outcome.value.problems.map((failure) => ({ file, failure })));
    }
  }
  const found: Found[] = files.flatMap(({ file, demo }) => [...file.contexts].map(([name, entry]) => ({ file, demo, name, entry })));
  const names = shownNames(found);
  const current = currentOf(found, files);
  const targets = new Map<ContextName, Outcome<KubeTarget>>();
  const contexts: KubeContext[] = [];
  for (const one of found) {
    const shown = names.get(one) ?? one.name;
    const { context, target } = targetOf(one, shown, one === current, files);
    contexts.push(context);
    targets.set(shown, target);
    if (!target.ok) problems.push({ file: one.file.file, failure: target.failure });
  }
  return {
    contexts,
    problems,
    target: (name) =>
      targets.get(name) ?? {
        ok: false,
        failure: {
          code: 'context-unknown',
          message: `There is no context ${name} in the kubeconfig.`,
          hint:
            contexts.length === 0
              ? 'No kubeconfig holds any context.'
              : `There are: ${contexts
                  .slice(0, 8)
                  .map((c) => c.name)
                  .join(', ')}${contexts.length > 8 ? ', …' : ''}.`,
        },
      },
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
  const short = (one: Found) => `${basename(one.file.file)}/${one.name}`;
  const plains = count(plain);
  const shorts = count(short);
  for (const one of found) {
    const unique = plains.get(plain(one)) === 1;
    // A context may itself be called `file/name`; then the full path tells them apart.
    const free = shorts.get(short(one)) === 1 && !plains.has(short(one));
    names.set(one, unique ? one.name : free ? short(one) : `${one.file.file}/${one.name}`);
  }
  return names;
}

/** The current-context of the first file that has one: in that file, else in the first that knows the name. */
function currentOf(found: readonly Found[], files: readonly { file: KubeconfigFile; demo: boolean }[]): Found | undefined {
  const first = files.find(({ file }) => file.current !== undefined);
  if (first === undefined) return undefined;
  const named = found.filter((one) => one.name === first.file.current);
  return named.find((one) => one.file === first.file) ?? named[0];
}

function targetOf(
  { file, demo, name, entry }: Found,
  shown: string,
  current: boolean,
  files: readonly { file: KubeconfigFile; demo: boolean }[],
): { context: KubeContext; target: Outcome<KubeTarget> } {
  // As kubectl does: an entry another file of the list defines will do where the context's own file has none.
  const order = [file, ...files.filter((f) => f.demo === demo && f.file !== file).map((f) => f.file)];
  const owner = order.find((f) => entry.user !== undefined && f.users.has(entry.user)) ?? file;
  const cluster =
    entry.cluster === undefined ? undefined : order.find((f) => f.clusters.has(entry.cluster ?? ''))?.clusters.get(entry.cluster);
  const user = entry.user === undefined ? NO_USER : owner.users.get(entry.user);
  const context: KubeContext = {
    name: shown,
    cluster: entry.cluster ?? '',
    user: entry.user ?? '',
    server: cluster?.server ?? '',
    namespace: entry.namespace ?? 'default',
    file: file.file,
    current,
    demo,
    // What people protect is theirs to say, beside the log and never in a kubeconfig; whoever lists contexts adds it.
    protected: false,
  };
  const invalid = (message: string, hint: string): { context: KubeContext; target: Outcome<KubeTarget> } => ({
    context,
    target: { ok: false, failure: { code: 'kubeconfig-invalid', message: `${file.file}: context "${name}" ${message}`, hint } },
  });
  if (entry.cluster === undefined) return invalid('names no cluster.', 'Add cluster: to it.');
  if (cluster === undefined)
    return invalid(`names cluster "${entry.cluster}", which is in no file.`, 'Add that cluster, or correct the name.');
  if (user === undefined) return invalid(`names user "${entry.user ?? ''}", which is in no file.`, 'Add that user, or correct the name.');
  if (cluster.server === undefined)
    return invalid(`names cluster "${entry.cluster}", which has no server.`, 'Add server: https://… to it.');
  if (!/^https?:$/.test(URL.parse(cluster.server)?.protocol ?? ''))
    return invalid(`names cluster "${entry.cluster}", whose server is not an http or https URL.`, 'Correct server:.');
  return { context, target: { ok: true, value: { context, cluster, user, userKey: `${owner.file}\n${entry.user ?? ''}` } } };
}
