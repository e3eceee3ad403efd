import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ContextMarks, CONTEXT_COLORS, type Outcome } from '../../contract/index.ts';

/** What `contexts.yaml` of the data directory says: marks of contexts, and kubeconfigs that were added. Read here, written beside. */

/** A mark that only changes how a context looks: a wrong one is as good as none. */
const look = <S extends z.ZodType>(schema: S) => schema.nullish().catch(undefined);
const words = z.string().trim().min(1).max(64);

const EntrySchema = z.object({
  name: z.coerce.string(),
  file: z.string().nullish(),
  protected: z.boolean().nullish(),
  readOnly: z.boolean().nullish(),
  color: look(z.enum(CONTEXT_COLORS)),
  group: look(words),
  alias: look(words),
});
const FileSchema = z.object({
  /** The short form: names of protected contexts. */
  protected: z.array(z.coerce.string()).nullish(),
  files: z.array(z.string()).nullish(),
  contexts: z.array(EntrySchema).nullish(),
});

export type MarkEntry = z.output<typeof EntrySchema>;
export interface MarksFile {
  readonly protected: readonly string[];
  readonly files: readonly string[];
  readonly contexts: readonly MarkEntry[];
}

/** Where a context is: its shown name, its name inside its file, the file. */
export interface Place {
  readonly name: string;
  readonly nameInFile: string;
  readonly file: string;
}

export const NO_MARKS: ContextMarks = { protected: false, readOnly: false, color: null, group: null, alias: null };
/** What holds while the file cannot be understood: nothing may be changed anywhere. */
export const ALL_CLOSED: ContextMarks = { ...NO_MARKS, protected: true, readOnly: true };

/** Fails with `bad-input`, a sentence that names line and column or the field. Unknown keys are left alone. `~/` is the home folder. */
export function parseMarks(text: string, home: string): Outcome<MarksFile> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  const bad = (message: string): Outcome<never> => ({ ok: false, failure: { code: 'bad-input', message } });
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return bad(`is not valid YAML: line ${line}, column ${col}: ${error.message.split('\n')[0] ?? ''}.`);
  }
  const parsed = FileSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return bad(`is not what it should be: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? ''}.`);
  }
  const { data } = parsed;
  return {
    ok: true,
    value: {
      protected: data.protected ?? [],
      files: (data.files ?? []).map((f) => atHome(f, home)),
      contexts: (data.contexts ?? []).map((c) => ({ ...c, file: c.file == null ? c.file : atHome(c.file, home) })),
    },
  };
}

export function atHome(path: string, home: string): string {
  return path === '~' ? home : path.startsWith('~/') ? `${home}/${path.slice(2)}` : path;
}

const keyOf = (file: string, name: string) => `${file}\n${name}`;

/**
 * Which entries speak of which contexts. An entry with a file speaks of the context of that name in that file. Where there is none any
 * more (the file was renamed, the folder moved) it speaks of every context of that name: what was protected stays so. An entry
 * without a file, and a name of the short list, speaks of every context that is called so or shown so.
 */
export class MarksIndex {
  readonly #file: MarksFile;
  readonly #exact = new Map<string, MarkEntry[]>();
  readonly #loose = new Map<string, MarkEntry[]>();
  readonly #listed: ReadonlySet<string>;

  constructor(file: MarksFile, known: readonly Place[]) {
    this.#file = file;
    this.#listed = new Set(file.protected);
    const there = new Set(known.map((p) => keyOf(p.file, p.nameInFile)));
    for (const entry of file.contexts) {
      const key = entry.file == null ? undefined : keyOf(entry.file, entry.name);
      if (key !== undefined && there.has(key)) push(this.#exact, key, entry);
      else push(this.#loose, entry.name, entry);
    }
  }

  /** Entries that speak of a context; the one that means it and no other comes first. */
  entries({ name, nameInFile, file }: Place): readonly MarkEntry[] {
    const loose = new Set([...(this.#loose.get(nameInFile) ?? []), ...(this.#loose.get(name) ?? [])]);
    return [...(this.#exact.get(keyOf(file, nameInFile)) ?? []), ...loose];
  }

  isListed({ name, nameInFile }: Place): boolean {
    return this.#listed.has(name) || this.#listed.has(nameInFile);
  }

  /** One yes is enough to protect; of how it looks, the first entry that says anything decides. */
  marks(place: Place): ContextMarks {
    const entries = this.entries(place);
    const first = <K extends 'color' | 'group' | 'alias'>(key: K) => entries.find((e) => e[key] !== undefined)?.[key] ?? null;
    return {
      protected: this.isListed(place) || entries.some((e) => e.protected === true),
      readOnly: entries.some((e) => e.readOnly === true),
      color: first('color'),
      group: first('group'),
      alias: first('alias'),
    };
  }

  /** Of a name whose place is not known (yet): whatever could mean it counts. */
  guess(name: string): ContextMarks {
    const meant = (of: string) => of === name || name.endsWith(`/${of}`);
    const entries = this.#file.contexts.filter((e) => meant(e.name));
    return {
      ...NO_MARKS,
      protected: this.#file.protected.some(meant) || entries.some((e) => e.protected === true),
      readOnly: entries.some((e) => e.readOnly === true),
    };
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
