import { basename, join } from 'node:path';
import type {
  Embedder,
  IndexReport,
  KnowledgeAnswer,
  KnowledgeSource,
  Outcome,
  SearchKnowledge,
  Trust,
  VectorState,
} from '../../contract/index.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import { noSource } from './failures.ts';
import type { PagePassage } from './passages.ts';
import type { BuiltInFrom, SourceToRead } from './protocol.ts';
import { KnowledgeLine } from './thread-line.ts';
import { VectorMaker } from './vector-maker.ts';
import { WatchedSources } from './watched-sources.ts';

const KNOWLEDGE_FILE = 'knowledge.db';

/** What the app knows by itself, and needs nobody to add it. */
export interface BuiltInSource {
  readonly name: string;
  /** Where it comes from, in words. */
  readonly root: string;
  readonly licence: string;
  readonly trust: Trust;
  readonly from: BuiltInFrom;
}

export interface KnowledgeParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly embedder: () => Promise<Embedder | null>;
  readonly builtIn: readonly BuiltInSource[];
}

/** The sources of knowledge and the search in them. The thread that holds them starts when it is first needed. @throws StoreError where its file fails. */
export class Knowledge {
  readonly #parts: KnowledgeParts;
  readonly #line: KnowledgeLine;
  readonly #vectors: VectorMaker;
  readonly #watched: WatchedSources;
  #ready: Promise<void> | undefined;
  /** It is part of an app that stays: what takes long is done in the background. */
  #goesOn = false;
  #closing = false;

  constructor(parts: KnowledgeParts) {
    this.#parts = parts;
    this.#line = new KnowledgeLine(join(parts.dataDir, KNOWLEDGE_FILE));
    this.#vectors = new VectorMaker(this.#line, parts.embedder, parts.clock);
    this.#watched = new WatchedSources(parts.clock, (name) => void this.reindex(name).catch(this.#unheard));
  }

  /**
   * For an app that goes on: what is built in is read, what was left unfinished is read to its end, sources are watched, and vectors are
   * made, all in the background.
   */
  begin(): void {
    this.#goesOn = true;
    void (async () => {
      await this.#known();
      for (const name of await this.#line.call('unfinished')) if (!this.#isBuiltIn(name)) await this.reindex(name);
      for (const source of await this.#line.call('sources')) this.#watched.follow(source);
      this.#vectors.wake();
    })().catch(this.#unheard);
  }

  async sources(): Promise<{ sources: KnowledgeSource[]; vectors: VectorState }> {
    await this.#known();
    return { sources: [...(await this.#line.call('sources'))], vectors: await this.#vectors.state() };
  }

  async page(source: string, path: string): Promise<PagePassage[]> {
    await this.#known();
    return [...(await this.#line.call('page', source, path))];
  }

  /** By words and, where the passages have them, by vectors. */
  readonly search: SearchKnowledge = async ({ text, top, teamOnly }): Promise<KnowledgeAnswer> => {
    await this.#known();
    return this.#vectors.whileAsked(async (vector) =>
      this.#line.call(teamOnly === true ? 'searchTeam' : 'search', text, top, await vector(text)),
    );
  };

  /** `path`: absolute. A source that is there already is read again. */
  async add(given: {
    path: string;
    name?: string | undefined;
    trust?: Trust | undefined;
    licence?: string | undefined;
    watch?: boolean | undefined;
  }): Promise<Outcome<IndexReport>> {
    const name = given.name ?? basename(given.path);
    if (this.#isBuiltIn(name))
      return {
        ok: false,
        failure: { code: 'conflict', message: `${name} is the name of what is built in.`, hint: 'Give this one another name with --name.' },
      };
    return this.#read({ name, root: given.path, trust: given.trust, licence: given.licence, watched: given.watch ?? true });
  }

  async reindex(name: string): Promise<Outcome<IndexReport>> {
    const builtIn = this.#parts.builtIn.find((source) => source.name === name);
    if (builtIn !== undefined) return this.#readBuiltIn(builtIn);
    const there = (await this.#line.call('sources')).find((source) => source.name === name);
    if (there?.form === 'builtIn')
      return { ok: false, failure: { code: 'bad-input', message: `${name} is read anew by itself, when its cluster is connected.` } };
    return there === undefined ? noSource(name) : this.#read({ ...there, trust: there.trust, licence: there.licence ?? undefined });
  }

  /** What is built in from elsewhere now, in place of what is there by that name. */
  replace(source: BuiltInSource): Promise<Outcome<IndexReport>> {
    return this.#readBuiltIn(source);
  }

  async remove(name: string): Promise<Outcome<KnowledgeSource>> {
    const there = (await this.#line.call('sources')).find((source) => source.name === name);
    if (this.#isBuiltIn(name) || there?.form === 'builtIn')
      return { ok: false, failure: { code: 'bad-input', message: `${name} is built in: it comes with Quarterdeck and stays.` } };
    this.#watched.leave(name);
    return this.#line.call('remove', name);
  }

  /** Makes the vectors that are missing. */
  async embed(): Promise<VectorState> {
    await this.#known();
    return this.#vectors.toTheEnd();
  }

  /** A reading that is on its way ends after the document it is at; the next one goes on from there. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#watched.close();
    await this.#vectors.close();
    await this.#line.close();
  }

  #isBuiltIn(name: string): boolean {
    return this.#parts.builtIn.some((source) => source.name === name);
  }

  /** What is built in is there, as this version of the app has it. */
  #known(): Promise<void> {
    this.#ready ??= (async () => {
      const there = new Map((await this.#line.call('sources')).map(({ name, root }) => [name, root]));
      for (const source of this.#parts.builtIn) {
        // It was learned from a cluster since, which knows better.
        if ((there.get(source.name) ?? source.root) !== source.root) continue;
        const read = await this.#readBuiltIn(source);
        if (!read.ok && !this.#closing) this.#parts.log('error', `${source.name} could not be read: ${read.failure.message}`);
      }
    })();
    // A file that failed may be mended by the next time.
    this.#ready.catch(() => (this.#ready = undefined));
    return this.#ready;
  }

  #readBuiltIn({ from, ...source }: BuiltInSource): Promise<Outcome<IndexReport>> {
    return this.#read({ ...source, watched: false, builtIn: from });
  }

  async #read(source: SourceToRead): Promise<Outcome<IndexReport>> {
    const report = await this.#line.call('index', source, new Date(this.#parts.clock.now()).toISOString());
    if (report.ok && this.#goesOn) {
      if (report.value.added + report.value.changed > 0) this.#vectors.wake();
      this.#watched.follow(report.value.source);
    }
    return report;
  }

  readonly #unheard = (error: unknown) => {
    if (!this.#closing) this.#parts.log('error', `knowledge: ${error instanceof Error ? error.message : String(error)}`);
  };
}
