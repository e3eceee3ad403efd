import type { KnowledgeHit } from '../../contract/index.ts';
import { sayNear, sayPassages, sayQuotes } from '../../core/ask/compose.ts';
import { passagesAbout, sectionAsked, shippedAnswers } from '../../core/ask/passages.ts';
import { canAnswer, mayAnswer } from '../../core/ask/answers.ts';
import type { Unseen } from '../../core/ask/scope.ts';
import { sayUnknown } from '../../core/ask/unknown.ts';
import { answerFromPassages } from '../../core/questions/answer-from-passages.ts';
import { SHIPPED } from '../knowledge/built-in/sources.ts';
import { searchTeam, searchWritten } from './documentation.ts';
import { incidentsOf } from './incidents.ts';
import { askModel } from './model.ts';
import type { AskParts, Turn } from './turn.ts';

/** So many are looked through, and of those that answer so many are quoted from. */
const LOOKED_THROUGH = 10;
const QUOTED = 5;
/** So many sections that only may be meant. */
const NEAR = 3;
/** What is less than this part as near as the first is not shown beside it. */
const AS_NEAR = 0.7;
const MOST_TEXT = 2_000;

/** How something is done: from what is written, or not at all. */
export async function tellWritten(parts: AskParts, turn: Turn, scope: Unseen): Promise<void> {
  const { draft } = turn;
  const { understood, before, question, agent } = turn.begun;
  turn.tell('Searching what is written');
  // "How do I prevent it?" is about what was spoken of before.
  const pointedAt = understood.pointsBack ? before?.about.incidents : undefined;
  const [spokenOf] = pointedAt === undefined ? [] : await incidentsOf(parts, pointedAt.slice(0, 1));
  const code = understood.code ?? spokenOf?.rootCause.code;
  const text = spokenOf === undefined ? question : `${question} ${spokenOf.rootCause.code} ${spokenOf.title}`.slice(0, MOST_TEXT);
  if (pointedAt !== undefined) turn.isAbout({ incidents: pointedAt });
  const answer = await searchWritten(parts, text, LOOKED_THROUGH);
  if (!answer.ok) {
    draft.say('nobody', `What is written cannot be searched now: ${answer.failure.message}`);
    return;
  }
  const { results } = answer.value;
  const own = code === undefined ? [] : passagesAbout(code, sectionAsked(question), results);
  const shipped = shippedAnswers(question, understood, scope);
  const likely = results.filter((h) => isOwn(h) || (h.confident && shipped));
  // What points back to something is judged by that, and not by its few words.
  const hits = own.length > 0 ? own : likely.filter((h) => (spokenOf === undefined ? canAnswer(question, h, isOwn(h)) : h.confident));
  if (hits.length > 0) {
    turn.foundIn('knowledge');
    if (await chosenByModel(parts, turn, hits)) return;
    sayPassages(draft, question, hits.slice(0, QUOTED));
    // What ships is general; the team may have its own way, in its own words.
    const own = hits.some(isOwn) ? [] : nearestOf(question, await nearTo(parts, question));
    if (own.length > 0) sayNear(draft, question, own.slice(0, 1));
    return;
  }
  const near = await nearTo(parts, question);
  if (await tellNear(parts, turn, near)) return;
  turn.notFoundIn('nothing');
  sayUnknown(draft, scope, agent, near.filter((h) => h.confident).slice(0, NEAR));
}

/** Those that may be the answer in other words: where one is near enough, and what is nearly as near beside it. */
function nearestOf(question: string, near: readonly KnowledgeHit[]): readonly KnowledgeHit[] {
  const may = near.filter((h) => !h.givesOrders && mayAnswer(question, h));
  const [first] = may;
  return first?.confident === true ? may.slice(0, NEAR).filter((h) => h.score >= AS_NEAR * first.score) : [];
}

/** Sections of what the team has written, the nearest first; none where that cannot be searched. */
async function nearTo(parts: AskParts, question: string): Promise<readonly KnowledgeHit[]> {
  const answer = await searchTeam(parts, question, LOOKED_THROUGH);
  return answer.ok ? answer.value.results : [];
}

/** What may be the answer in other words; false where nothing is. */
async function tellNear(parts: AskParts, turn: Turn, near: readonly KnowledgeHit[]): Promise<boolean> {
  const { question } = turn.begun;
  const hits = nearestOf(question, near);
  if (hits.length === 0) return false;
  turn.foundIn('knowledge');
  if (!(await chosenByModel(parts, turn, hits))) sayNear(turn.draft, question, hits);
  return true;
}

/** Added by the team, and no part of the product. */
const isOwn = ({ source }: KnowledgeHit): boolean => !SHIPPED.has(source);

/**
 * What the team has written of what is asked, where it can hold the answer; false where it says nothing of that.
 * @param isNamed the question names something in the cluster, and what is near to it in other words is not of that
 */
export async function tellOwnWritten(parts: AskParts, turn: Turn, isNamed: boolean): Promise<boolean> {
  const { question } = turn.begun;
  const answer = await searchWritten(parts, question, LOOKED_THROUGH);
  const hits = answer.ok ? answer.value.results.filter((h) => isOwn(h) && canAnswer(question, h, true)) : [];
  if (hits.length === 0) return !isNamed && tellNear(parts, turn, await nearTo(parts, question));
  turn.foundIn('knowledge');
  if (!(await chosenByModel(parts, turn, hits))) sayPassages(turn.draft, question, hits.slice(0, QUOTED));
  return true;
}

/** The sentences of the pages that a model says answer the question; false where none says so, and the best page is quoted instead. */
async function chosenByModel(parts: AskParts, turn: Turn, hits: readonly KnowledgeHit[]): Promise<boolean> {
  // What is worded as an order is not put before anybody who might follow it.
  const plain = hits.filter((h) => !h.givesOrders);
  if (plain.length === 0) return false;
  const { question, tell, signal } = turn.begun;
  const answered = await askModel(parts, 'answerFromPassages', (names) => answerFromPassages(question, plain, names), {
    doing: 'Asking the model which sentences answer it',
    context: turn.about.context,
    tell,
    signal,
  });
  if (answered === undefined || answered.value.length === 0) return false;
  sayQuotes(turn.draft, answered.value, plain);
  turn.chosenBy(answered.model);
  return true;
}

/** Beside a look that found nothing wrong: what is written about what was asked, where that is sure. */
export async function tellWrittenBeside(parts: AskParts, turn: Turn): Promise<void> {
  const { question } = turn.begun;
  const answer = await searchWritten(parts, question, QUOTED);
  const hits = answer.ok ? answer.value.results.filter((h) => h.confident) : [];
  if (hits.length > 0) sayPassages(turn.draft, question, hits.slice(0, 1));
}
