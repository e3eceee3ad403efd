import { join } from 'node:path';
import type { Embedder, KnowledgeAnswer } from '../../../agents/contract/index.ts';
import { inOwnWords } from '../../../agents/core/knowledge/words.ts';
import type { KnowledgeDatabase } from '../../../agents/host/knowledge/knowledge-database.ts';
import { table } from '../table.ts';
import { embedAll, inFolder, openLibrary, shippedEmbedder } from './library.ts';
import { type Question, answers, readQuestions } from './questions.ts';

/** What is found in what the app knows, by words, by vectors and by both. */

const TOP = 5;
const TOLD = { tune: 'tuned on', held: 'held back', guides: 'of common tasks' } as const;

const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`);
const share = (part: number, whole: number) => (whole === 0 ? '-' : (part / whole).toFixed(3));

interface Way {
  readonly name: string;
  readonly find: (ask: string) => Promise<KnowledgeAnswer>;
}

export async function benchRecall(): Promise<void> {
  await inFolder(async (dir) => {
    const shipped = await shippedEmbedder(dir);
    try {
      await quality(dir, shipped?.embedder);
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
  const ways: Way[] = [{ name: 'by words', find: (ask) => Promise.resolve(db.passages.search(ask, TOP)) }];
  if (embedder !== undefined) {
    await embedAll(db, embedder);
    ways.push(
      { name: 'by vectors', find: async (ask) => nearestPages(db, embedder.name, await vectorOf(embedder, ask), ask) },
      {
        name: 'by both',
        find: async (ask) => db.passages.search(ask, TOP, { model: embedder.name, values: await vectorOf(embedder, ask) }),
      },
    );
  }
  const rows: string[][] = [];
  for (const { name, find } of ways) {
    for (const split of ['tune', 'held', 'guides'] as const) {
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
        `${name}, ${TOLD[split]}`,
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

const asked = new Map<string, Float32Array>();

async function vectorOf(embedder: Embedder, ask: string): Promise<Float32Array> {
  const known = asked.get(ask);
  if (known !== undefined) return known;
  const made = await embedder.embed([inOwnWords(ask)], new AbortController().signal);
  const [vector] = made.ok ? made.value : [];
  if (vector === undefined) throw new Error(made.ok ? 'no vector' : made.failure.message);
  asked.set(ask, vector);
  return vector;
}

/** The baseline: nothing but the distance of vectors, quoted as the search quotes. */
function nearestPages(db: KnowledgeDatabase, model: string, values: Float32Array, ask: string): KnowledgeAnswer {
  const { candidates } = db.passages.candidates(ask, { model, values });
  const seen = new Set<string>();
  const results = candidates
    .filter((candidate) => candidate.cosine !== undefined)
    .sort((a, b) => (b.cosine ?? 0) - (a.cosine ?? 0))
    .flatMap(({ id, cosine: score = 0 }) => {
      const row = db.passages.quoted(id);
      if (row === undefined || seen.has(row.text)) return [];
      seen.add(row.text);
      return [{ ...row, score, confident: true, alsoIn: [] }];
    });
  return { results: results.slice(0, TOP), noGoodMatch: false };
}
