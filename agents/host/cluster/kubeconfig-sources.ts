import { type Dirent, readFile, readdir, stat } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Failure } from '../../contract/index.ts';
import { parseMarks } from '../contexts/marks.ts';

/** Where kubeconfig files are looked for. Explicit paths win over `$KUBECONFIG`, that over `~/.kube/config`. Each may be a folder. */
export interface KubeconfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Read besides the others; its contexts are marked as demo. */
  readonly demoKubeconfig?: string | undefined;
  /** `contexts.yaml` of the data directory: its list `files` is read besides the others. */
  readonly contextsFile?: string | undefined;
}

/** One path to look at. `listed`: somebody named it; else it was found in the folder `within`. */
export interface Candidate {
  readonly file: string;
  readonly demo: boolean;
  readonly listed: boolean;
  readonly within: string | undefined;
}

export interface Found {
  readonly candidates: readonly Candidate[];
  /** Files and folders that were added in the app. */
  readonly added: readonly string[];
  /** Files and folders that were looked at, in order. */
  readonly paths: readonly string[];
  readonly problems: readonly { readonly file: string; readonly failure: Failure }[];
  /** Changes when `contexts.yaml` does. */
  readonly marksStamp: string;
}

/** More files than this in a folder are not somebody's kubeconfigs. */
const MOST_FILES = 5_000;
const IGNORED = /^\.|~$|\.(?:bak|swp|swo|swx|tmp|lock|orig|rej)$|^#.*#$/i;

const list = promisify(readdir) as (path: string, options: { withFileTypes: true }) => Promise<Dirent[]>;
const look = promisify(stat);
const text = promisify(readFile) as (path: string, encoding: 'utf8') => Promise<string>;

/** Looks at every source now: the files in the order in which they count, folders by name. */
export async function findCandidates(sources: KubeconfigSources): Promise<Found> {
  const marks = await addedFiles(sources);
  const listed = (sources.env['KUBECONFIG'] ?? '').split(delimiter).filter((p) => p !== '');
  const explicit = sources.kubeconfigPaths ?? [];
  const standard = explicit.length === 0 && listed.length === 0;
  const paths = explicit.length > 0 ? explicit : standard ? [join(sources.home, '.kube', 'config')] : listed;
  const demo = sources.demoKubeconfig === undefined ? undefined : resolve(sources.demoKubeconfig);
  const all = [...new Set([...paths, ...marks.added].map((p) => resolve(p)))].filter((p) => p !== demo);
  // Nobody named the standard place: where other files were added, its absence is no news.
  const silent = standard && marks.added.length > 0 ? resolve(join(sources.home, '.kube', 'config')) : undefined;
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const problems: { file: string; failure: Failure }[] = [];
  const add = (candidate: Candidate): void => {
    if (seen.has(candidate.file)) return;
    seen.add(candidate.file);
    candidates.push(candidate);
  };
  for (const path of all) {
    const inside = await filesIn(path);
    if (inside === undefined) {
      add({ file: path, demo: false, listed: path !== silent, within: undefined });
      continue;
    }
    for (const file of inside.files) add({ file, demo: false, listed: false, within: path });
    if (inside.failure !== undefined) problems.push({ file: path, failure: inside.failure });
  }
  if (demo !== undefined) add({ file: demo, demo: true, listed: true, within: undefined });
  return { candidates, added: marks.added, paths: demo === undefined ? all : [...all, demo], problems, marksStamp: marks.stamp };
}

/** What is wrong in `contexts.yaml` is said where marks are shown; here a file that cannot be understood adds nothing. */
async function addedFiles({ contextsFile, home }: KubeconfigSources): Promise<{ added: readonly string[]; stamp: string }> {
  if (contextsFile === undefined) return { added: [], stamp: '' };
  try {
    const source = await text(contextsFile, 'utf8');
    const marks = parseMarks(source, home);
    return { added: marks.ok ? marks.value.files : [], stamp: source };
  } catch (error) {
    return { added: [], stamp: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}

/** The files of a folder and of the folders in it; undefined where the path is no folder (or not there). */
export async function filesIn(path: string): Promise<{ files: readonly string[]; failure: Failure | undefined } | undefined> {
  let entries: Dirent[];
  try {
    entries = await list(path, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Not there, no folder, a link in a circle: whoever looks at it as a file says so.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
    return {
      files: [],
      failure: {
        code: 'kubeconfig-unreadable',
        message: `The folder ${path} cannot be read (${code ?? 'unknown error'}).`,
        hint: 'Give your user the right to list it: chmod u+rx, or chown.',
      },
    };
  }
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (IGNORED.test(entry.name)) continue;
    const inner = join(path, entry.name);
    if (entry.isFile()) files.push(inner);
    else if (entry.isDirectory()) folders.push(inner);
    else if (entry.isSymbolicLink()) {
      const leads = await look(inner).catch(() => undefined);
      // A link that leads nowhere may be in the middle of being turned round: it is looked at as a file is.
      if (leads === undefined || leads.isFile()) files.push(inner);
      else if (leads.isDirectory()) folders.push(inner);
    }
  }
  for (const folder of folders) {
    const inside = await list(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of inside.sort((a, b) => (a.name < b.name ? -1 : 1)))
      if (!IGNORED.test(entry.name) && (entry.isFile() || entry.isSymbolicLink())) files.push(join(folder, entry.name));
    if (files.length > MOST_FILES) break;
  }
  if (files.length <= MOST_FILES) return { files, failure: undefined };
  return {
    files: files.slice(0, MOST_FILES),
    failure: {
      code: 'kubeconfig-unreadable',
      message: `The folder ${path} holds more than ${MOST_FILES.toLocaleString('en-US')} files; the first ${MOST_FILES.toLocaleString('en-US')} by name are read.`,
      hint: 'Name the folder that holds the kubeconfigs and nothing else.',
    },
  };
}
