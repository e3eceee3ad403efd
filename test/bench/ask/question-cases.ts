import { AGENTS } from '../../../agents/specialists/index.ts';
import type { IncidentWithPlans } from '../../../agents/contract/index.ts';
import { agentsAsked, classify } from '../../../agents/core/ask/classify.ts';
import { whomAsked } from '../../../agents/core/ask/unsure.ts';
import { type Quote, answerFromPassages } from '../../../agents/core/questions/answer-from-passages.ts';
import { type Option, choose } from '../../../agents/core/questions/choose.ts';
import { explain } from '../../../agents/core/questions/explain.ts';
import { inventedIn } from '../../../agents/core/questions/facts.ts';
import { logLines } from '../../../agents/core/questions/log-lines.ts';
import type { Asked } from '../../../agents/core/questions/question.ts';
import { summarise } from '../../../agents/core/questions/summarise.ts';
import type { App } from '../../../agents/host/app.ts';
import { HELD_BACK } from './held-back.ts';
import { ANSWERABLE } from './unanswerable.ts';

/** A question to a model, with what its answer is held against. */
export interface QuestionCase {
  readonly asked: Asked<unknown>;
  /** Of an answer, or of what came of it: how many of the facts that it should have are in it, and how much that was not given. */
  readonly said: (answer: unknown) => { readonly given: number; readonly kept: number; readonly made: number };
  /** Whether what a reader gets is what a person would have said; for words: whether all facts are in it. */
  readonly isRight: (value: unknown) => boolean;
}

const HOW_QUESTIONS = 4;
const REQUESTS = 5;
const LOG = [
  ...Array.from({ length: 120 }, (_, i) => `2026-04-01T08:00:00Z INFO request ${i} served in ${(i % 40) + 3} ms`),
  ...Array.from({ length: 31 }, () => '2026-04-01T08:01:00Z WARN pool has 0 free connections'),
  ...Array.from({ length: 9 }, () => '2026-04-01T08:01:09Z ERROR cannot reach db.shop.svc:5432: connection refused'),
  '2026-04-01T08:01:12Z FATAL gave up after 9 attempts',
];

/** Of each kind of question some, made of what the demo shows and of what ships. */
export async function questionCases(client: App['client'], incidents: readonly IncidentWithPlans[]): Promise<QuestionCase[]> {
  const summaries = incidents.slice(0, 3).map((i) =>
    summarise({
      what: 'timeline',
      about: i.id,
      lines: [i.title, ...i.evidence.slice(0, 3).map((e) => e.text.split('\n')[0] ?? ''), ...i.plans.map((p) => p.title)].map(
        (text, n) => ({
          text: `08:0${n} ${text}`,
          required: n === 0,
        }),
      ),
      reader: 'operator',
      names: [],
    }),
  );
  const log = summarise({ what: 'log', about: null, lines: logLines(LOG, 'operator').lines, reader: 'operator', names: [] });
  const answers = await Promise.all(
    ANSWERABLE.slice(0, HOW_QUESTIONS).map(async (question) => {
      const { results } = await client.knowledge.search({ text: question, top: 5 });
      const passages = results.map(({ id, text }) => ({ id, text }));
      const stands = (q: unknown) => passages.some((p) => p.id === (q as Quote).passage && p.text.includes((q as Quote).text));
      return choice(answerFromPassages(question, passages), stands, () => true);
    }),
  );
  const doubtful = Object.entries(HELD_BACK).flatMap(([agent, texts]) =>
    texts.flatMap((text) => {
      const asked = whomAsked(text, classify(text), []);
      return asked === undefined ? [] : [{ agent, asked }];
    }),
  );
  return [
    ...incidents.map((i) => words(explain(i, i.plans, 'operator'))),
    ...summaries.map(words),
    words(log),
    ...answers,
    ...remedyCases(incidents),
    ...runbookCases(incidents),
    ...doubtful.slice(0, REQUESTS).map(({ agent, asked }) =>
      choice(
        asked,
        (id) => agentsAsked().includes(String(id)),
        (v) => (v as string[])[0] === agent,
      ),
    ),
  ];
}

/** The plan of each incident among plans for others: it should come first. */
function remedyCases(incidents: readonly IncidentWithPlans[]): QuestionCase[] {
  const plans = incidents.flatMap((i) =>
    i.plans.slice(0, 1).map((p) => ({ incident: i, option: { id: p.id, text: `${p.title}. ${p.because}` } })),
  );
  return plans.map(({ incident, option }, i) => {
    const options = turned([option, ...plans.flatMap((p) => (p.option === option ? [] : [p.option]))].slice(0, 3), i);
    const asked = choose({ id: 'rankRemedies', about: incident.id, situation: incident.title, options, most: options.length, names: [] });
    return choice(asked, among(options), (v) => (v as string[])[0] === option.id);
  });
}

/** The page of the check among pages of others. */
function runbookCases(incidents: readonly IncidentWithPlans[]): QuestionCase[] {
  const checks = AGENTS.flatMap((a) => a.checks);
  return incidents.map(({ id, title, rootCause }, i) => {
    const pages: Option[] = checks.flatMap((c) => (c.code === rootCause.code ? [{ id: c.code, text: `${c.title}. ${c.doc}` }] : []));
    const others = checks.filter((c) => c.code !== rootCause.code).slice(7 * i, 7 * i + 3);
    const options = turned([...pages, ...others.map((c) => ({ id: c.code, text: `${c.title}. ${c.doc}` }))], i);
    const asked = choose({ id: 'pickRunbooks', about: id, situation: title, options, most: 1, names: [] });
    return choice(asked, among(options), (v) => (v as string[])[0] === rootCause.code);
  });
}

const among = (options: readonly Option[]) => (id: unknown) => options.some((o) => o.id === id);

/** The right one must not always stand at the same place. */
const turned = <T>(items: readonly T[], by: number): T[] => items.map((_, i) => items[(i + by) % items.length] as T);

const textIn = (answer: unknown): string => (typeof answer === 'string' ? answer : ((answer as { text?: string } | undefined)?.text ?? ''));

function words(asked: Asked<string>): QuestionCase {
  const facts = asked.prompt.data.split('\n').map((line) => line.slice(2));
  const longestFirst = [...facts].sort((a, b) => b.length - a.length);
  const said = (answer: unknown) => {
    const text = textIn(answer);
    // The template's own joints are ours, and no model's.
    if (text === asked.template) return { given: facts.length, kept: facts.length, made: 0 };
    return {
      given: facts.length,
      kept: facts.filter((f) => text.includes(f)).length,
      made: inventedIn(longestFirst.reduce((rest, f) => rest.replace(f, ' '), text)).length,
    };
  };
  return { asked, said, isRight: (value) => said(value).kept === facts.length };
}

function labelsOf({ prompt: { schema } }: Asked<unknown>): string[] {
  const [list] = Object.values((schema as { properties: Record<string, { items: { enum: string[] } }> }).properties);
  return list?.items.enum ?? [];
}

/** A choice among what was given. `isGiven`: of what was read of an answer, whether it is one of these. */
function choice(asked: Asked<unknown>, isGiven: (one: unknown) => boolean, isRight: QuestionCase['isRight']): QuestionCase {
  const labels = labelsOf(asked);
  const said = (answer: unknown) => {
    const isRead = Array.isArray(answer);
    const [list] = isRead ? [answer] : Object.values((answer ?? {}) as Record<string, unknown>);
    const chosen: unknown[] = Array.isArray(list) ? list : [];
    const made = chosen.filter((one) => (isRead ? !isGiven(one) : !labels.includes(String(one)))).length;
    return { given: chosen.length, kept: chosen.length - made, made };
  };
  return { asked, said, isRight };
}
