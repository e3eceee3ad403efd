import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Citation } from '../../agents/contract/index.ts';
import { uncited } from '../../agents/core/ask/draft.ts';
import { type Running, startApp } from '../../agents/host/wiring.ts';
import { ANSWERABLE, UNANSWERABLE, UNANSWERABLE_HELD_BACK } from './ask/unanswerable.ts';
import { ANSWERABLE_LATER, UNANSWERABLE_NEAR } from './ask/unanswerable-near.ts';
import { readAgain } from '../headless/read-again.ts';
import { table } from './table.ts';

type Client = Running['app']['client'];

const LOOKS = [
  'what is wrong in this cluster',
  'why does checkout crash',
  'what is wrong in namespace shop',
  'why is labels killed again and again',
  'is mail healthy',
  'why does nobody reach cart',
  'what would you do about catalog',
  'why is tracking not placed',
];

/** Whether what a citation is said to say stands where it leads: read again from there. */
async function stands(client: Client, c: Citation): Promise<boolean> {
  switch (c.kind) {
    case 'passage':
      return standsIn(c.text, (await client.knowledge.page({ source: c.source, path: c.path })).passages);
    case 'incident': {
      const { title, rootCause, symptoms, advice, firstSeen } = await client.incidents.get({ id: c.id });
      const said = [title, rootCause.message, ...symptoms.map((s) => s.message), advice ?? '', firstSeen].join('\n');
      return c.text.split('\n').every((line) => said.includes(line));
    }
    case 'evidence':
      return (await client.incidents.get({ id: c.incident })).evidence.some((e) => e.text === c.text);
    case 'plan': {
      const plan = await client.plans.get({ id: c.id });
      return plan.hash === c.hash && c.text.startsWith(plan.title);
    }
    case 'read':
      return readAgain(client, c);
    default:
      return true;
  }
}

/** A short page is cited as a whole, under the headings of its passages: each block of it stands in one, or is such a heading. */
const standsIn = (text: string, passages: readonly { readonly heading: string; readonly text: string }[]): boolean =>
  text
    .split('\n\n')
    .every((block) => passages.some((p) => p.text.includes(block) || (block.startsWith('## ') && p.heading.endsWith(block.slice(3)))));

/** Sentences that stand in what they cite, what they cite where it leads, and questions that are refused when nobody knows. */
export async function benchAnswers(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const started = await startApp({ dataDir, demo: true, env: {}, home: dataDir, log: () => undefined });
  if (!started.ok) throw new Error(started.failure.message);
  const { client } = started.value.app;
  const ask = (question: string): Promise<Answer> => client.ask.answer({ question, context: 'demo-tempest' });
  const counts = { claims: 0, cited: 0, citations: 0, standing: 0 };
  const hold = async (answer: Answer) => {
    const claims = answer.sentences.filter((s) => s.frame === null).length;
    counts.claims += claims;
    counts.cited += claims - uncited(answer).length;
    for (const c of answer.citations) {
      counts.citations += 1;
      if (await stands(client, c)) counts.standing += 1;
    }
  };
  try {
    for (const question of LOOKS) await hold(await ask(question));
    const known: boolean[] = [];
    for (const question of ANSWERABLE) {
      const answer = await ask(question);
      known.push(answer.known);
      await hold(answer);
    }
    const refused: string[] = [];
    const taken: string[] = [];
    let heldBack = 0;
    for (const question of [...UNANSWERABLE, ...UNANSWERABLE_HELD_BACK]) {
      const answer = await ask(question);
      await hold(answer);
      if (UNANSWERABLE_HELD_BACK.includes(question)) heldBack += answer.known ? 0 : 1;
      else (answer.known ? taken : refused).push(question);
    }
    const later: boolean[] = [];
    const lost: string[] = [];
    for (const question of ANSWERABLE_LATER) {
      const answer = await ask(question);
      later.push(answer.known);
      if (!answer.known) lost.push(question);
      await hold(answer);
    }
    const near: [string, number, number][] = [];
    for (const [what, questions] of Object.entries(UNANSWERABLE_NEAR)) {
      let not = 0;
      for (const question of questions) {
        const answer = await ask(question);
        await hold(answer);
        if (answer.known) taken.push(question);
        else not += 1;
      }
      near.push([what, not, questions.length]);
    }
    const sum = (at: 1 | 2) => near.reduce((all, row) => all + row[at], 0);
    const of = (n: number, all: number) => `${n} of ${all} (${((100 * n) / all).toFixed(1)} %)`;
    process.stdout.write(
      `\nanswers\n${table(
        ['what', 'seen', 'must reach'],
        [
          ['sentences that claim something and stand word for word in what they cite', of(counts.cited, counts.claims), '100 %'],
          ['citations that say the same where they lead', of(counts.standing, counts.citations), '100 %'],
          ['questions nobody here knows the answer of: refused', of(refused.length, UNANSWERABLE.length), '95 %'],
          ['  others, written after that was finished', of(heldBack, UNANSWERABLE_HELD_BACK.length), '95 %'],
          ['  near to what is known here, written later still', of(sum(1), sum(2)), '95 %'],
          ...near.map(([what, not, all]) => [`    ${what}`, of(not, all), '']),
          ['questions that what ships answers: answered', of(known.filter(Boolean).length, ANSWERABLE.length), ''],
          ['  others, written later', of(later.filter(Boolean).length, ANSWERABLE_LATER.length), ''],
        ],
      )}\n${[...taken.map((q) => `answered though it is not there: ${q}`), ...lost.map((q) => `not answered: ${q}`)].join('\n')}\n`,
    );
  } finally {
    await started.value.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
