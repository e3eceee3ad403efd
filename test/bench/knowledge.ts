import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Embedder, KnowledgeAnswer } from '../../agents/contract/index.ts';
import { inOwnWords } from '../../agents/core/knowledge/words.ts';
import { KnowledgeDatabase } from '../../agents/host/knowledge/knowledge-database.ts';
import { AT, embedAll, inFolder, openLibrary, shippedEmbedder } from './knowledge/library.ts';
import { type Question, answers, readQuestions } from './knowledge/questions.ts';
import { median } from './reading/measure.ts';
import { table } from './table.ts';

/** What is found in what the app knows, by words, by vectors and by both; and the same library as large as a company's. */

const TOP = 5;
const CHUNKS = 50_000;
const QUERIES = 60;
const EMBEDDED = 200;

const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`);
const share = (part: number, whole: number) => (whole === 0 ? '-' : (part / whole).toFixed(3));

interface Way {
  readonly name: string;
  readonly find: (ask: string) => Promise<KnowledgeAnswer>;
}

export async function benchKnowledge(): Promise<void> {
  await inFolder(async (dir) => {
    const shipped = await shippedEmbedder(dir);
    try {
      await quality(dir, shipped?.embedder);
      await scale(dir, shipped?.embedder);
    } finally {
      await shipped?.close();
    }
  });
}

async function quality(dir: string, embedder: Embedder | undefined): Promise<void> {
  const { db, passages } = await openLibrary(join(dir, 'quality.db'));
  const { questions, nowhere } = readQuestions();
  const unanswered = questions.filter((question) => !passages.some((passage) => answers(question, passage)));
  if (unanswered.length > 0) throw new Error(`no passage answers: ${unanswered.map(({ ask }) => ask).join('; ')}`);
  const ways: Way[] = [{ name: 'by words', find: (ask) => Promise.resolve(db.search(ask, TOP)) }];
  if (embedder !== undefined) {
    await embedAll(db, embedder);
    ways.push(
      { name: 'by vectors', find: async (ask) => nearestPages(db, embedder.name, await vectorOf(embedder, ask), ask) },
      {
        name: 'by both',
        find: async (ask) => db.search(ask, TOP, { model: embedder.name, values: await vectorOf(embedder, ask) }),
      },
    );
  }
  const rows: string[][] = [];
  for (const { name, find } of ways) {
    for (const split of ['tune', 'held'] as const) {
      const asked = questions.filter((question) => question.split === split);
      const found: { readonly question: Question; readonly answer: KnowledgeAnswer }[] = [];
      for (const question of asked) found.push({ question, answer: await find(question.ask) });
      const at = (most: number, words?: Question['words']) => {
        const some = found.filter(({ question }) => words === undefined || question.words === words);
        return share(some.filter(({ question, answer }) => has(question, answer.results.slice(0, most))).length, some.length);
      };
      const lost = nowhere.filter((question) => question.split === split);
      let refused = 0;
      for (const { ask } of lost) if ((await find(ask)).noGoodMatch) refused += 1;
      const sure = found.filter(({ answer }) => !answer.noGoodMatch).length;
      const judged = name !== 'by vectors';
      rows.push([
        `${name}, ${split === 'held' ? 'held back' : 'tuned on'}`,
        at(1),
        at(TOP),
        at(TOP, 'same'),
        at(TOP, 'other'),
        judged ? percent(refused, lost.length) : '-',
        judged ? percent(sure, found.length) : '-',
      ]);
    }
  }
  process.stdout.write(
    `\nknowledge: ${questions.length} questions (${questions.filter(({ words }) => words === 'other').length} worded otherwise) and ${nowhere.length} without an answer, over ${passages.length} passages; ${embedder?.name ?? 'no embedding model'}\n${table(
      ['', 'recall@1', `recall@${TOP}`, 'same words', 'other words', 'no answer: refused', 'answer: sure'],
      [...rows, ['goal, by both, held back', '', '0.900', '', '', '95 %', '']],
    )}\n`,
  );
  db.close();
}

/** What is said twice in the same words is shown once, and names the other place. */
const has = (question: Question, results: KnowledgeAnswer['results']) =>
  results.some((result) => answers(question, result) || result.alsoIn.some((place) => answers(question, { ...result, ...place })));

async function vectorOf(embedder: Embedder, ask: string): Promise<Float32Array> {
  const made = await embedder.embed([inOwnWords(ask)], new AbortController().signal);
  const [vector] = made.ok ? made.value : [];
  if (vector === undefined) throw new Error(made.ok ? 'no vector' : made.failure.message);
  return vector;
}

/** The baseline: nothing but the distance of vectors, quoted as the search quotes. */
function nearestPages(db: KnowledgeDatabase, model: string, values: Float32Array, ask: string): KnowledgeAnswer {
  const { candidates, rows } = db.candidates(ask, { model, values });
  const seen = new Set<string>();
  const results = candidates
    .filter((candidate) => candidate.cosine !== undefined)
    .sort((a, b) => (b.cosine ?? 0) - (a.cosine ?? 0))
    .flatMap(({ id, cosine: score = 0 }) => {
      const row = rows.get(id)?.whole();
      if (row === undefined || seen.has(row.text)) return [];
      seen.add(row.text);
      return [{ ...row, score, confident: true, alsoIn: [] }];
    });
  return { results: results.slice(0, TOP), noGoodMatch: false };
}

/** Texts as varied as what there is to read here: the runbooks, the decisions and the documents of dependencies, cut and put together anew. */
function* variedTexts(count: number): Generator<string> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = ['resources/runbooks', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, folder, name)),
  );
  for (const name of readdirSync(join(root, 'node_modules'))) {
    for (const file of ['README.md', 'CHANGELOG.md']) {
      try {
        files.push(
          ...(readFileSync(join(root, 'node_modules', name, file), 'utf8').length > 2_000 ? [join(root, 'node_modules', name, file)] : []),
        );
      } catch {
        // Not every package has one.
      }
    }
  }
  const sentences = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/(?<=[.!?])\s+|\n+/)
      .filter((line) => line.length > 30 && line.length < 300),
  );
  let seed = 7;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff);
  for (let n = 0; n < count; n += 1) {
    let text = '';
    while (text.length < 500) text += `${sentences[next() % sentences.length] ?? ''} `;
    yield text.slice(0, 850);
  }
}

async function scale(dir: string, embedder: Embedder | undefined): Promise<void> {
  const texts = variedTexts(CHUNKS);
  const first = texts.next().value ?? '';
  const before = process.memoryUsage.rss();
  const db = new KnowledgeDatabase(join(dir, 'scale.db'));
  db.putSource({ name: 'large', root: dir, form: 'files', trust: 'own', licence: null, watched: false });
  const started = performance.now();
  for (let from = 0; from < CHUNKS; from += 25) {
    db.together(() => {
      const document = db.putDocument('large', `d${from}.md`, `d${from}.md`, AT);
      document.add(
        Array.from({ length: 25 }, () => texts.next().value ?? first).map((text, i) => ({
          heading: `Part ${from / 25} > ${text.slice(0, 40)}`,
          line: i * 10 + 1,
          text,
        })),
      );
      document.finish(String(from));
    });
  }
  const lexical = CHUNKS / ((performance.now() - started) / 1_000);
  const embedding = embedder === undefined ? undefined : await embedAll(db, embedder, EMBEDDED);
  // The others get vectors made of a few real ones, so that these 50,000 are as spread as such are.
  const model = embedder?.name ?? 'none';
  const basis = spread(EMBEDDED);
  for (;;) {
    const rest = db.withoutVector(model, 1_000);
    if (rest.length === 0) break;
    db.vectors.put(
      model,
      rest.map(({ meant }) => meant),
      rest.map((_, i) => mixed(basis, i)),
    );
  }
  const { questions } = readQuestions();
  const asked = questions.slice(0, QUERIES).map(({ ask }, i) => ({ ask, values: mixed(basis, i * 7 + 3) }));
  const times = (find: (q: (typeof asked)[number]) => unknown) => {
    for (const q of asked.slice(0, 10)) find(q);
    const taken = asked.map((q) => {
      const at = performance.now();
      find(q);
      return performance.now() - at;
    });
    return taken.sort((a, b) => a - b);
  };
  const both = times(({ ask, values }) => db.search(ask, TOP, { model, values }));
  const words = times(({ ask }) => db.search(ask, TOP));
  const vectors = times(({ values }) => db.vectors.nearest(model, values, 40));
  const late = (taken: readonly number[]) => `${(taken[Math.floor(taken.length * 0.95)] ?? Number.NaN).toFixed(1)} ms`;
  const middle = (taken: readonly number[]) => `${median(taken).toFixed(1)} ms`;
  const memory = (process.memoryUsage.rss() - before) / 2 ** 20;
  process.stdout.write(
    `\nknowledge: ${CHUNKS.toLocaleString('en')} passages of varied text (sqlite-vec ${db.vectors.extension ? 'measures' : 'is not to be had, JavaScript measures'})\n${table(
      ['part', 'median', '95 of 100', 'goal'],
      [
        ['question by both', middle(both), late(both), '50 ms'],
        ['  by words', middle(words), late(words), ''],
        ['  by vectors', middle(vectors), late(vectors), ''],
        ['memory more than before', `${memory.toFixed(0)} MiB`, '', '250 MiB'],
        ['indexed by words, passages a second', lexical.toFixed(0), '', '1,000'],
        [
          'with vectors by the shipped model, passages a second',
          embedding === undefined ? 'no model' : (1 / (1 / lexical + embedding.ms / 1_000 / Math.max(1, embedding.count))).toFixed(0),
          '',
          '20',
        ],
      ],
    )}\n`,
  );
  db.close();
}

function spread(count: number): Float32Array[] {
  let seed = 11;
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff - 0.5;
  return Array.from({ length: count }, () => Float32Array.from({ length: 384 }, next));
}

const mixed = (basis: readonly Float32Array[], n: number): Float32Array => {
  const [a, b, c] = [basis[n % basis.length], basis[(n * 7 + 1) % basis.length], basis[(n * 13 + 5) % basis.length]];
  const mix = Float32Array.from({ length: 384 }, (_, i) => (a?.[i] ?? 0) + 0.7 * (b?.[i] ?? 0) + (0.3 + (n % 97) / 97) * (c?.[i] ?? 0));
  return mix;
};
