import { type KubeTarget, type LoadedKubeconfig, type Part, joinFiles } from './kubeconfig-join.ts';
import { type Clocks, FileMemory, type Look } from './kubeconfig-memory.ts';
import { type Candidate, type Found, type KubeconfigSources, findCandidates } from './kubeconfig-sources.ts';

export type { KubeTarget, KubeconfigSources, LoadedKubeconfig };

/** So many files are looked at at the same time: no more are open at once, and the disk has enough to do. */
const AT_ONCE = 32;
const CLOCKS: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The kubeconfigs as they are now: reads again only what has changed. A file that is half written, broken or away for a moment keeps
 * what it last said. Makes no connection and runs no plugin.
 */
export class KubeconfigReader {
  readonly #sources: KubeconfigSources;
  readonly #clock: Clocks;
  #memories = new Map<string, FileMemory>();
  #joined: { readonly key: readonly unknown[]; readonly loaded: LoadedKubeconfig } | undefined;
  #running: Promise<LoadedKubeconfig> | undefined;
  #next: Promise<LoadedKubeconfig> | undefined;
  #again: number | undefined;

  constructor(sources: KubeconfigSources, clock: Clocks = CLOCKS) {
    this.#sources = sources;
    this.#clock = clock;
  }

  /** Files that are looked at. */
  get files(): number {
    return this.#memories.size;
  }

  /** Milliseconds after the last reading when it has something new to say though nothing changes; undefined: never. */
  get again(): number | undefined {
    return this.#again;
  }

  /** Reads now; one reading at a time, and none that was begun before it was asked for. The same object where nothing is different. */
  read(): Promise<LoadedKubeconfig> {
    if (this.#running === undefined) return this.#begin();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<LoadedKubeconfig> {
    const running = this.#read().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #read(): Promise<LoadedKubeconfig> {
    const found = await findCandidates(this.#sources);
    const memories = this.#remembered(found);
    this.#memories = new Map(memories.map((m) => [m.candidate.file, m]));
    const looks = await lookAtAll(memories);
    const waits = looks.flatMap(({ again }) => (again === undefined ? [] : [again]));
    this.#again = waits.length === 0 ? undefined : Math.min(...waits);
    const said = looks.flatMap(({ file, problem, absent }, i) =>
      (file ?? problem) === undefined ? [] : [memories[i], file, problem, absent],
    );
    const key = [found.marksStamp, JSON.stringify(found.problems), ...said];
    const known = this.#joined;
    if (known !== undefined && known.key.length === key.length && key.every((value, i) => value === known.key[i])) return known.loaded;
    const parts = memories.flatMap(({ candidate: { demo } }, i): Part[] => {
      const look = looks[i];
      return look?.file === undefined ? [] : [{ file: look.file, demo, absent: look.absent }];
    });
    const problems = memories.flatMap(({ candidate: { file } }, i) => {
      const failure = looks[i]?.problem;
      return failure === undefined ? [] : [{ file, failure }];
    });
    const loaded = joinFiles(parts, [...found.problems, ...problems], found.added);
    this.#joined = { key, loaded };
    return loaded;
  }

  /** In the order in which the files count. A file of a folder that is not there any more is among them until it is forgotten. */
  #remembered({ candidates, paths }: Found): readonly FileMemory[] {
    const there = new Set(candidates.map((c) => c.file));
    const gone = [...this.#memories.values()].map((m) => m.candidate).filter((c) => c.within !== undefined && !there.has(c.file));
    if (gone.length === 0) return candidates.map((c) => this.#memory(c));
    const byPath = new Map<string, Candidate[]>(paths.map((path) => [path, []]));
    for (const candidate of [...candidates, ...gone]) byPath.get(candidate.within ?? candidate.file)?.push(candidate);
    const all = [...byPath.values()].flatMap((group) => group.sort((a, b) => (a.file < b.file ? -1 : 1)));
    return all.map((c) => this.#memory(c)).filter((m) => there.has(m.candidate.file) || m.speaks);
  }

  #memory(candidate: Candidate): FileMemory {
    const known = this.#memories.get(candidate.file);
    const same = known?.candidate.listed === candidate.listed && known.candidate.within === candidate.within;
    return same ? known : new FileMemory(candidate, this.#clock);
  }
}

async function lookAtAll(memories: readonly FileMemory[]): Promise<Look[]> {
  const looks: Look[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < memories.length; i = next++) {
      const memory = memories[i];
      if (memory !== undefined) looks[i] = await memory.look();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, memories.length) }, worker));
  return looks;
}
