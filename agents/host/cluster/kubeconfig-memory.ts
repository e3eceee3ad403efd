import { createHash } from 'node:crypto';
import type { Failure, Outcome } from '../../contract/index.ts';
import { type KubeconfigFile, looksLikeKubeconfig, parseKubeconfig } from './kubeconfig-file.ts';
import type { Candidate } from './kubeconfig-sources.ts';
import { readText, seen } from './kubeconfig-text.ts';

/** What holds of a file now. */
export interface Look {
  /** undefined: there is none, or it cannot be read and never could. */
  readonly file: KubeconfigFile | undefined;
  readonly problem: Failure | undefined;
  /** It is not there; what it said last still holds for a moment. */
  readonly absent: boolean;
  /** Milliseconds after which there is something new to say though nothing changes. */
  readonly again: number | undefined;
}

/** Editors and tools that replace a file may leave nothing in its place for a moment. */
const GONE_MS = 2_000;
/** What looks as if somebody were in the middle of writing it is taken when nothing has been written for this long. */
const QUIET_MS = 800;
/** Two writes within one tick of a file system's clock look like one: what is younger than a tick is read again. */
const TICK_MS = 100;

/** Milliseconds: since 1970, as files have them, and since some moment, never set back. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

interface Good {
  readonly file: KubeconfigFile;
  readonly digest: string;
  readonly inode: string;
  readonly size: number;
  /** Its last line has an end. */
  readonly ended: boolean;
}

const NOTHING: Look = { file: undefined, problem: undefined, absent: false, again: undefined };

/** One file over time: what it says, and what it last said while it says nothing that can be used. */
export class FileMemory {
  readonly candidate: Candidate;
  readonly #clock: Clocks;
  #good: Good | undefined;
  #look: Look = NOTHING;
  /** Empty: look at the contents again, whatever the stamp. */
  #stamp = '';
  #seen: { readonly stamp: string; readonly at: number } = { stamp: '', at: 0 };
  #gone: number | undefined;

  constructor(candidate: Candidate, clock: Clocks) {
    this.candidate = candidate;
    this.#clock = clock;
  }

  /** Whether it said something when it was last looked at. */
  get speaks(): boolean {
    return this.#look.file !== undefined;
  }

  /** Looks at the file now, and reads it where it has changed. */
  async look(): Promise<Look> {
    const { file, listed } = this.candidate;
    const found = await seen(file);
    if (found.stamp === this.#stamp) return this.#look;
    const read = await readText(file, listed, found);
    const now = this.#clock.steady();
    if (!read.ok) {
      this.#stamp = '';
      this.#look = read.failure.code === 'kubeconfig-missing' ? this.#missing(read.failure, now) : this.#bad(read.failure);
      return this.#look;
    }
    this.#gone = undefined;
    const { text, inode, modified } = read.value;
    if (this.#seen.stamp !== read.value.stamp) this.#seen = { stamp: read.value.stamp, at: now };
    const age = this.#clock.wall() - modified;
    this.#look = text === undefined ? this.#none(now, age) : this.#said(text, inode, now, age);
    this.#stamp = age > TICK_MS && this.#look.again === undefined ? read.value.stamp : '';
    return this.#look;
  }

  #missing(failure: Failure, now: number): Look {
    this.#gone ??= now;
    const left = this.#gone + GONE_MS - now;
    if (this.#good !== undefined && left > 0) return { file: this.#good.file, problem: undefined, absent: true, again: Math.ceil(left) };
    this.#good = undefined;
    return this.#same({ ...NOTHING, problem: this.candidate.listed ? failure : undefined });
  }

  #said(text: string, inode: string, now: number, age: number): Look {
    const digest = createHash('sha1').update(text).digest('base64');
    if (digest === this.#good?.digest) return this.#same({ ...NOTHING, file: this.#good.file });
    const { file, listed } = this.candidate;
    const empty = text.trim() === '';
    if (!listed && !looksLikeKubeconfig(text) && !(empty && this.#good !== undefined)) return this.#none(now, age);
    const parsed: Outcome<KubeconfigFile> = parseKubeconfig(file, text);
    if (!parsed.ok) return this.#bad(parsed.failure);
    const fresh: Good = { file: parsed.value, digest, inode, size: text.length, ended: text.endsWith('\n') };
    const wait = this.#good !== undefined && isLess(this.#good, fresh) ? this.#quiet(now, age) : 0;
    if (wait > 0) return { ...NOTHING, file: this.#good?.file, again: wait };
    this.#good = fresh;
    return { ...NOTHING, file: fresh.file };
  }

  /** It is no kubeconfig, and nobody said that it is one. */
  #none(now: number, age: number): Look {
    const wait = this.#good === undefined ? 0 : this.#quiet(now, age);
    if (wait > 0) return { ...NOTHING, file: this.#good?.file, again: wait };
    this.#good = undefined;
    return this.#same(NOTHING);
  }

  #bad(failure: Failure): Look {
    if (this.#good === undefined) return this.#same({ ...NOTHING, problem: failure });
    const hint = `What it said before is still in use. ${failure.hint ?? ''}`.trim();
    return this.#same({ ...NOTHING, file: this.#good.file, problem: { ...failure, hint } });
  }

  /** How much longer to wait until nobody can be in the middle of writing. */
  #quiet(now: number, age: number): number {
    return age > QUIET_MS ? 0 : Math.max(0, Math.ceil(this.#seen.at - now) + QUIET_MS);
  }

  /** The look before, where nothing is different: whoever joins the files need not do it again. */
  #same(next: Look): Look {
    const { file, problem, absent, again } = this.#look;
    const same =
      file === next.file && absent === next.absent && again === next.again && JSON.stringify(problem) === JSON.stringify(next.problem);
    return same ? this.#look : next;
  }
}

/** Whether a file says less than before, as one does that is not written to its end yet. It may be meant so; that shows in a moment. */
function isLess(before: Good, after: Good): boolean {
  const cut = (before.ended && !after.ended) || after.file.lists < before.file.lists || dangling(after.file) > dangling(before.file);
  // What takes the place of a file by its name was written before; what is written into the file grows while one looks.
  return cut || (before.inode === after.inode && (after.size < before.size || after.file.contexts.size < before.file.contexts.size));
}

function dangling({ contexts, clusters, users }: KubeconfigFile): number {
  let count = 0;
  for (const { cluster, user } of contexts.values())
    if ((cluster !== undefined && !clusters.has(cluster)) || (user !== undefined && !users.has(user))) count++;
  return count;
}
