import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, startApp } from '../../../../agents/host/wiring.ts';
import { table } from '../../table.ts';
import { WRITTEN, questions, says, statements } from './team.ts';

const TOP = 5;

/** A team's own documents: what is found of them, what is answered from them, and what near to them is refused. */
export async function benchTeam(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const started = await startApp({ dataDir, demo: true, env: {}, home: dataDir, log: () => undefined });
  if (!started.ok) throw new Error(started.failure.message);
  const { client } = started.value.app;
  try {
    for (const source of readdirSync(WRITTEN)) await client.knowledge.add({ path: join(WRITTEN, source), watch: false });
    await client.knowledge.embed({});
    const { answered, near } = questions();
    const byId = new Map(statements().map((statement) => [statement.id, statement]));
    const asked = answered.map(({ by, words, ask }) => {
      const statement = byId.get(by);
      if (statement === undefined) throw new Error(`nothing is called ${by}`);
      return { statement, words, ask };
    });
    const hits = await Promise.all(
      asked.map(async ({ statement, ask }) =>
        (await client.knowledge.search({ text: ask, top: TOP })).results.some(({ text }) => says(text, statement)),
      ),
    );
    const right: boolean[] = [];
    for (const { statement, ask } of asked) {
      const { known, sentences } = await answer(client, ask);
      right.push(known && sentences.some(({ frame, text }) => frame === null && says(text, statement)));
    }
    const refused = new Map<string, boolean[]>();
    for (const { kind, ask } of near) refused.set(kind, [...(refused.get(kind) ?? []), !(await answer(client, ask)).known]);
    const same = (all: readonly boolean[], words: string) => all.filter((_, i) => asked[i]?.words === words);
    process.stdout.write(
      `\n${statements().length} statements of a team's documents in ${new Set(statements().map(({ path }) => path)).size} files\n${table(
        ['what', 'seen'],
        [
          [`questions they answer: among the first ${TOP}, in the same words`, of(same(hits, 'same'))],
          ['  in others', of(same(hits, 'other'))],
          ['  answered with the right sentence, in the same words', of(same(right, 'same'))],
          ['  in others', of(same(right, 'other'))],
          ['questions near to them that they do not answer: refused', of([...refused.values()].flat())],
          ...[...refused].map(([kind, all]) => [`  ${KINDS[kind] ?? kind}`, of(all)]),
        ],
      )}\n`,
    );
  } finally {
    await started.value.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'of another object',
  version: 'of another version',
  product: 'of another product',
  future: 'of what is to come',
  who: 'of people',
  cost: 'of money',
  opinion: 'of what somebody would have to think',
  negation: 'of what is not so',
  kind: 'for a kind of answer that is not there',
};

const answer = (client: Running['app']['client'], question: string) => client.ask.answer({ question, context: 'demo-tempest' });

const of = (all: readonly boolean[]) => {
  const n = all.filter(Boolean).length;
  return `${n} of ${all.length} (${((100 * n) / all.length).toFixed(1)} %)`;
};
