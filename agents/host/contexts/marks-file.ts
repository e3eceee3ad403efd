import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextMarks, ContextName, Failure, Outcome } from '../../contract/index.ts';
import { ALL_CLOSED, type MarksFile, MarksIndex, type Place, parseMarks } from './marks.ts';
import { type MarkChanges, withFile, withMarks } from './marks-edit.ts';
import type { Kube } from '../ports/kube.ts';
import { replaceFile } from '../replace-file.ts';

export const marksPath = (dataDir: string): string => join(dataDir, 'contexts.yaml');

interface Read {
  readonly stamp: string;
  readonly text: string;
  readonly file: Outcome<MarksFile>;
  index: { readonly known: readonly Place[]; readonly index: MarksIndex } | undefined;
}

const EMPTY: MarksFile = { protected: [], files: [], contexts: [] };

/**
 * What people have said about contexts. The file is looked at whenever something is asked, so that an edit by hand holds at once; that
 * costs one stat. While it cannot be read or understood, every context is protected and read-only.
 */
export class MarkBook {
  readonly path: string;
  readonly #home: string;
  #known: readonly Place[] = [];
  #byName = new Map<string, Place>();
  #read: Read | undefined;

  constructor(dataDir: string, home: string) {
    this.path = marksPath(dataDir);
    this.#home = home;
  }

  /** The contexts there are: marks that name a file need to know which of them are still there. */
  know(contexts: readonly Place[]): void {
    this.#known = contexts;
    this.#byName = new Map(contexts.map((c) => [c.name, c]));
  }

  of(place: Place): ContextMarks {
    return this.#index()?.marks(place) ?? ALL_CLOSED;
  }

  /** The same for many, with one look at the file. */
  all<P extends Place>(places: readonly P[]): readonly (P & ContextMarks)[] {
    const index = this.#index();
    return places.map((place) => ({ ...place, ...(index?.marks(place) ?? ALL_CLOSED) }));
  }

  /** Plans for a protected context ask for its name to be typed, and are never approved by rule. */
  isProtected(name: ContextName): boolean {
    return this.#named(name).protected;
  }

  /** Nothing is changed there from here, and nothing rehearsed: admission may call out. */
  isReadOnly(name: ContextName): boolean {
    return this.#named(name).readOnly;
  }

  groupOf(name: ContextName): string | null {
    return this.#named(name).group;
  }

  /** Why nothing may be changed in this context from here, if so. */
  refusal(place: Place): Failure | undefined {
    if (!this.of(place).readOnly) return undefined;
    const wrong = this.problem();
    if (wrong !== undefined) return wrong;
    return {
      code: 'forbidden',
      message: `The context ${place.name} is marked read-only here: Quarterdeck changes nothing in it.`,
      hint: `Take the mark away with quarterdeck contexts mark ${place.name} --no-read-only --type-context ${place.name}, or in ${this.path}.`,
    };
  }

  /** What is wrong with the file, in words that say what follows from it. */
  problem(): Failure | undefined {
    const { file } = this.#look();
    if (file.ok) return undefined;
    return {
      code: 'forbidden',
      message: `${this.path} ${file.failure.message.replace(/\.$/, '')}. Until it is corrected every context is protected and read-only.`,
      hint: 'Correct that line; the file is read again when it is saved.',
    };
  }

  /** The contexts with this alias; names come first, so ask for those before. */
  withAlias<P extends Place>(alias: string, places: readonly P[]): readonly P[] {
    const index = this.#index();
    return index === undefined ? [] : places.filter((place) => index.marks(place).alias === alias);
  }

  /** Learns of contexts from a kube worker, now and whenever they change; the answer ends that. */
  follow(kube: Pick<Kube, 'kubeconfig' | 'onNotice'>): () => void {
    const learn = (): void => {
      // A worker that dies is started again and says so; until then what is known holds.
      void kube.kubeconfig().then(
        ({ contexts }) => this.know(contexts),
        () => undefined,
      );
    };
    learn();
    return kube.onNotice((notice) => {
      if (notice.type === 'kubeconfigChanged' || notice.type === 'workerCrashed') learn();
    });
  }

  /** Fails with `bad-input` where the file cannot be understood, `data-dir-unwritable` where it cannot be written. */
  mark(place: Place, changes: MarkChanges): Outcome<ContextMarks> {
    const next = withMarks(this.#look().text, this.#home, place, changes, this.#known);
    if (!next.ok) return this.#incomprehensible(next.failure);
    const written = this.#write(next.value.text);
    return written.ok ? { ok: true, value: next.value.marks } : written;
  }

  /** Adds or removes a kubeconfig or folder. False: nothing to do. Fails as `mark` does. */
  setFile(path: string, there: boolean): Outcome<boolean> {
    const next = withFile(this.#look().text, this.#home, path, there);
    if (!next.ok) return this.#incomprehensible(next.failure);
    if (next.value === undefined) return { ok: true, value: false };
    const written = this.#write(next.value);
    return written.ok ? { ok: true, value: true } : written;
  }

  #named(name: ContextName): ContextMarks {
    const index = this.#index();
    if (index === undefined) return ALL_CLOSED;
    const place = this.#byName.get(name);
    return place === undefined ? index.guess(name) : index.marks(place);
  }

  #index(): MarksIndex | undefined {
    const read = this.#look();
    if (!read.file.ok) return undefined;
    if (read.index?.known !== this.#known) read.index = { known: this.#known, index: new MarksIndex(read.file.value, this.#known) };
    return read.index.index;
  }

  #look(): Read {
    try {
      const { mtimeNs, ctimeNs, size, ino } = statSync(this.path, { bigint: true });
      const stamp = `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
      if (this.#read?.stamp === stamp) return this.#read;
      const text = readFileSync(this.path, 'utf8');
      // An edit within one tick of the file system's clock leaves no trace in the times: what is that young is read again.
      const young = Date.now() - Number(mtimeNs / 1_000_000n) < 100;
      this.#read = { stamp: young ? '' : stamp, text, file: parseMarks(text, this.#home), index: undefined };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const absent = code === 'ENOENT';
      if (this.#read !== undefined && this.#read.stamp === code) return this.#read;
      const failure: Failure = { code: 'bad-input', message: `cannot be read (${code ?? 'unknown error'}).` };
      this.#read = { stamp: code ?? '', text: '', file: absent ? { ok: true, value: EMPTY } : { ok: false, failure }, index: undefined };
    }
    return this.#read;
  }

  #write(text: string): Outcome<undefined> {
    try {
      replaceFile(this.path, text, 0o600);
      this.#read = undefined;
      return { ok: true, value: undefined };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const failure: Failure = {
        code: code === 'ENOSPC' ? 'data-dir-full' : 'data-dir-unwritable',
        message: `${this.path} cannot be written (${code ?? 'unknown error'}); nothing was changed.`,
        hint: 'Check the rights of the data directory and the space on its disk.',
      };
      return { ok: false, failure };
    }
  }

  #incomprehensible(failure: Failure): { ok: false; failure: Failure } {
    return {
      ok: false,
      failure: {
        code: 'bad-input',
        message: `${this.path} ${failure.message} It is not written over.`,
        hint: 'Correct that line, then try again.',
      },
    };
  }
}
