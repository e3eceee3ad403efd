import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Embedder } from '../../../agents/contract/index.ts';
import { inOwnWords } from '../../../agents/core/knowledge/words.ts';
import { KnowledgeDatabase } from '../../../agents/host/knowledge/knowledge-database.ts';
import { MiB, median } from '../reading/measure.ts';
import { table } from '../table.ts';
import type { LibraryCall, Taken } from './library-process.ts';
import { inFolder, shippedEmbedder } from './library.ts';
import { readQuestions } from './questions.ts';
import { writeDocuments } from './varied.ts';

/**
 * A library as large as a company's: how fast it is read and asked, and what it takes, in a process of its own. Beside the clock stands
 * the time of the processor, which other programs on the machine do not lengthen.
 */

const PASSAGES = 50_000;
const QUESTIONS = 120;
/** So many passages get a vector of the model, as many at once as in the app; all others get one between those. */
const EMBEDDED = 240;
const AT_ONCE = 4;

export async function benchLibrary(): Promise<void> {
  await inFolder(async (dir) => {
    const [folder, file] = [join(dir, 'documents'), join(dir, 'library.db')];
    writeDocuments(folder, PASSAGES);
    const shipped = await shippedEmbedder(dir);
    let library = new Library(file);
    try {
      const empty = await library.call<number>({ call: 'memory' });
      const read = await library.call<{ passages: number } & Taken>({ call: 'index', folder });
      const model = shipped?.embedder.name ?? 'none';
      const embedded = shipped === undefined ? undefined : await embedSome(library, shipped.embedder);
      const reading = await library.call<number>({ call: 'memory' });
      await library.close();
      fill(file, model, embedded?.vectors ?? spread(EMBEDDED));
      library = new Library(file);
      const asks = readQuestions()
        .questions.slice(0, QUESTIONS)
        .map(({ ask }) => ask);
      const values = shipped === undefined ? spread(QUESTIONS) : await vectorsOf(shipped.embedder, asks.map(inOwnWords));
      const asked = asks.flatMap((ask, i) => (values[i] === undefined ? [] : [{ ask, values: values[i] }]));
      const times = (how: 'both' | 'words' | 'vectors') => library.call<Taken[]>({ call: 'ask', how, model, asked });
      const [both, words, vectors] = [await times('both'), await times('words'), await times('vectors')];
      const memory = await library.call<number>({ call: 'memory' });
      const a = (count: number, ms: number) => count / (ms / 1_000);
      const together = (one: number, other: number) => (1 / (1 / one + 1 / other)).toFixed(0);
      const lexical = a(read.passages, read.clock);
      const byCore = a(read.passages, read.processor);
      process.stdout.write(
        `\nknowledge: ${read.passages.toLocaleString('en')} passages of varied text; ${
          embedded === undefined ? 'no embedding model, vectors by chance' : `${EMBEDDED} vectors by ${model}, the others between those`
        }\n${table(
          [`${asked.length} questions`, 'median', '95 of 100', 'processor', '95 of 100', 'goal'],
          [row('by both', both, '50 ms'), row('  by words', words), row('  nearest vectors', vectors)],
        )}\n\n${table(
          ['the library', 'by the clock', 'by the processor', 'goal'],
          [
            ['read and indexed by words, passages a second', lexical.toFixed(0), byCore.toFixed(0), '1,000'],
            embedded === undefined
              ? ['with vectors by the shipped model, passages a second', 'no model', '', '20']
              : [
                  'with vectors by the shipped model, passages a second',
                  together(lexical, a(EMBEDDED, embedded.clock)),
                  embedded.processor === undefined ? '-' : `${together(byCore, a(EMBEDDED, embedded.processor))} a core`,
                  '20 on 2 cores',
                ],
            ['memory when it is asked, more than with an empty library', `${MiB(memory - empty)} MiB`, '', '250 MiB'],
            ['  when it was read', `${MiB(reading - empty)} MiB`, '', ''],
            ['  the process when it is asked, all told', `${MiB(memory)} MiB`, '', ''],
            ['on disk, the text itself included', `${MiB(statSync(file).size)} MiB`, '', ''],
          ],
        )}\n`,
      );
    } finally {
      await library.close();
      await shipped?.close();
    }
  });
}

const ms = (value: number) => `${value.toFixed(1)} ms`;
const late = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN;

function row(name: string, taken: readonly Taken[], goal = ''): string[] {
  const [clock, processor] = [taken.map((one) => one.clock), taken.map((one) => one.processor)];
  return [name, ms(median(clock)), ms(late(clock)), ms(median(processor)), ms(late(processor)), goal];
}

/** The process that holds the library. One call at a time. */
class Library {
  readonly #child: ChildProcess;

  constructor(file: string) {
    this.#child = fork(fileURLToPath(new URL('./library-process.ts', import.meta.url)), [file], {
      serialization: 'advanced',
      execArgv: ['--expose-gc'],
    });
  }

  call<T>(call: LibraryCall): Promise<T> {
    return new Promise((done, fail) => {
      const ended = () => fail(new Error('the process of the library has ended'));
      this.#child.once('exit', ended);
      this.#child.once('message', (reply: { readonly value?: unknown; readonly error?: string }) => {
        this.#child.off('exit', ended);
        if (reply.error === undefined) done(reply.value as T);
        else fail(new Error(reply.error));
      });
      this.#child.send(call);
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

async function vectorsOf(embedder: Embedder, texts: readonly string[]): Promise<Float32Array[]> {
  const made = await embedder.embed(texts, new AbortController().signal);
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

/** The passages without a vector get one somewhere between three real ones, so that there is about as much order among them. */
function fill(file: string, model: string, basis: readonly Float32Array[]): void {
  const db = new KnowledgeDatabase(file);
  let n = 0;
  const between = () => {
    n += 1;
    const [a, b, c] = [basis[n % basis.length], basis[(n * 7 + 1) % basis.length], basis[(n * 13 + 5) % basis.length]];
    return Float32Array.from(a ?? [], (value, i) => value + 0.5 * (b?.[i] ?? 0) + (0.2 + (n % 97) / 150) * (c?.[i] ?? 0));
  };
  for (let rest = db.withoutVector(model, 1_000); rest.length > 0; rest = db.withoutVector(model, 1_000)) {
    const meant = rest.map((one) => one.meant);
    db.vectors.put(model, meant, meant.map(between));
  }
  db.close();
}

/** How long the model takes for some of them. The time of the processor is that of its own process, where the system tells. */
async function embedSome(
  library: Library,
  embedder: Embedder,
): Promise<{ vectors: Float32Array[]; clock: number; processor: number | undefined }> {
  await vectorsOf(embedder, ['The model is there before it is measured.']);
  const vectors: Float32Array[] = [];
  const before = processorOfChildren();
  const begun = performance.now();
  while (vectors.length < EMBEDDED) {
    const texts = await library.call<{ meant: number; text: string }[]>({ call: 'texts', model: embedder.name, count: AT_ONCE });
    const made = await vectorsOf(
      embedder,
      texts.map(({ text }) => text),
    );
    vectors.push(...made);
    await library.call({ call: 'put', model: embedder.name, meant: texts.map(({ meant }) => meant), vectors: made });
  }
  const clock = performance.now() - begun;
  const after = processorOfChildren();
  return { vectors, clock, processor: before === undefined || after === undefined ? undefined : after - before };
}

/** Of this process's children, milliseconds; as Linux tells it. */
function processorOfChildren(): number | undefined {
  const TICK = 10;
  try {
    const children = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return children.reduce((sum, child) => {
      const [user = 0, system = 0] = readFileSync(`/proc/${child}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return sum + (user + system) * TICK;
    }, 0);
  } catch {
    return undefined;
  }
}

function spread(count: number): Float32Array[] {
  let seed = 11;
  const next = () => ((seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 8) / 0x7fffff - 0.5;
  return Array.from({ length: count }, () => Float32Array.from({ length: 384 }, next));
}
