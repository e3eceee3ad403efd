import type { Evidence, IncidentWithPlans, KnowledgeHit, PastIncident, Plan, RuledOut, SimilarIncident } from '../../contract/index.ts';
import { stemsOf, termsOf } from '../knowledge/words.ts';
import type { Quote } from '../questions/answer-from-passages.ts';
import { sentencesOf } from '../questions/pieces.ts';
import type { AnswerDraft, Cited } from './draft.ts';

/** The sentences of answers, quoted from what was found. */

const MOST_EVIDENCE = 3;
/** Below this a cause is said to be likely, no more. */
const SURE = 0.7;
/** A log may be long; its beginning tells. */
const MOST_TEXT = 400;

const incidentCited = ({ id, context, title, rootCause, symptoms, advice, firstSeen }: IncidentWithPlans): Cited => ({
  kind: 'incident',
  id,
  context,
  code: rootCause.code,
  text: [title, rootCause.message, ...symptoms.map((s) => s.message), ...(advice === undefined ? [] : [advice]), firstSeen].join('\n'),
});

const evidenceCited = (incident: string, e: Evidence): Cited => ({
  kind: 'evidence',
  incident,
  resource: e.resource,
  of: e.kind,
  ...(e.at === undefined ? {} : { at: e.at }),
  ...(e.source === undefined ? {} : { source: e.source }),
  text: e.text,
});

const ASKS_SINCE = /^(?:and |so )?(?:(?:since )?when|(?:for )?how long)\b/i;

/** What is wrong, why, and what people noticed; since when, where that was asked. */
export function sayIncident(draft: AnswerDraft, incident: IncidentWithPlans, question = ''): void {
  const { title, rootCause, symptoms, evidence, advice, plans, firstSeen } = incident;
  const cited = incidentCited(incident);
  if (ASKS_SINCE.test(question)) draft.quote('Since', firstSeen, cited);
  draft.quote(rootCause.confidence < SURE ? 'Likely' : 'Cause', title, cited);
  if (!title.includes(rootCause.message)) draft.quote('Because', rootCause.message, cited);
  sayEvidence(draft, incident.id, evidence.slice(0, MOST_EVIDENCE));
  const [noticed] = symptoms;
  if (noticed !== undefined) draft.quote('Noticed', noticed.message, cited);
  if (symptoms.length > 1) draft.say('more', `${symptoms.length - 1} more that follow from it are in the incident.`);
  if (plans.length === 0 && advice !== undefined) draft.quote('Needs', advice, cited);
}

/** Another one, in a line. */
export function nameIncident(draft: AnswerDraft, incident: IncidentWithPlans): void {
  draft.quote('Also', incident.title, incidentCited(incident));
}

/** What is wrong and no more, where it is asked what would help. */
export function sayCause(draft: AnswerDraft, { id, context, title, rootCause }: IncidentWithPlans): void {
  draft.quote('Cause', title, { kind: 'incident', id, context, code: rootCause.code, text: title });
}

function sayEvidence(draft: AnswerDraft, incident: string, evidence: readonly Evidence[]): void {
  const quoted = new Set<string>();
  for (const e of evidence) {
    if (e.text.trim() === '' || quoted.has(e.text)) continue;
    quoted.add(e.text);
    draft.quote('Evidence', e.text.slice(0, MOST_TEXT).trimEnd(), evidenceCited(incident, e));
  }
}

/** All that the cause of an incident rests on, and what was looked for and not found. */
export function sayWhy(draft: AnswerDraft, incident: IncidentWithPlans): void {
  const cited = incidentCited(incident);
  draft.quote(incident.rootCause.confidence < SURE ? 'Likely' : 'Cause', incident.title, cited);
  if (!incident.title.includes(incident.rootCause.message)) draft.quote('Because', incident.rootCause.message, cited);
  sayEvidence(draft, incident.id, incident.evidence.slice(0, 12));
  sayRuledOut(draft, incident.id, incident.context, incident.ruledOut);
}

const MOST_RULED_OUT = 8;

export function sayRuledOut(draft: AnswerDraft, incident: string | null, context: string, ruledOut: readonly RuledOut[]): void {
  for (const { hypothesis, because } of ruledOut.slice(0, MOST_RULED_OUT)) {
    const text = `${hypothesis}: ${because}`;
    draft.quote('Not', text, { kind: 'ruledOut', incident, context, text });
  }
  if (ruledOut.length > MOST_RULED_OUT)
    draft.say('more', `${ruledOut.length - MOST_RULED_OUT} more possible causes were looked at and ruled out.`);
}

/** What would help. It is shown, never done. */
export function sayPlan(draft: AnswerDraft, plan: Plan): void {
  const lines = [plan.title, plan.because, ...plan.actions.map((a) => a.summary), ...(plan.rank === undefined ? [] : [plan.rank.because])];
  const cited: Cited = { kind: 'plan', id: plan.id, hash: plan.hash, text: lines.join('\n') };
  draft.quote('Plan', plan.title, cited);
  for (const action of plan.actions.slice(0, 5)) if (action.summary !== plan.title) draft.quote('Plan', action.summary, cited);
  if (plan.rank !== undefined) draft.quote('Because', plan.rank.because, cited);
  draft.say(
    'next',
    plan.state === 'awaitingApproval'
      ? `Nothing is changed by asking. Look at it with quarterdeck plans ${plan.id}; approve it with quarterdeck approve ${plan.id} --hash ${plan.hash}.`
      : `${plan.id} is ${plan.state}: quarterdeck plans ${plan.id} tells more. Nothing is changed by asking.`,
  );
}

/** What would help with an incident: its plan, else what a person is needed for. */
export function sayRepair(draft: AnswerDraft, { id, context, title, rootCause, advice, plans }: IncidentWithPlans): void {
  const plan = plans.find((p) => p.state === 'awaitingApproval') ?? plans[0];
  if (plan !== undefined) sayPlan(draft, plan);
  else if (advice !== undefined)
    draft.quote('Needs', advice, { kind: 'incident', id, context, code: rootCause.code, text: `${title}\n${advice}` });
  else draft.say('next', 'No plan is proposed for it: what would help cannot be read from the cluster.');
}

/** When an incident that is over was there. */
const whenOf = ({ context, openedAt, resolvedAt }: PastIncident) => `${context}, ${openedAt} to ${resolvedAt}`;

const pastCited = ({ id, context, opened, resolved, resolvedAt }: PastIncident, lines: readonly string[]): Cited => ({
  kind: 'past',
  incident: id,
  context,
  opened,
  resolved,
  at: resolvedAt,
  text: lines.join('\n'),
});

/** When it was there before, and what helped then. */
export function sayPast(draft: AnswerDraft, past: SimilarIncident): void {
  const when = whenOf(past);
  const cited = pastCited(past, [past.title, when, ...past.plans.map((p) => p.title)]);
  draft.quote('Before', past.title, cited);
  draft.quote('Before', when, cited);
  for (const plan of past.plans) {
    if (plan.state === 'done') draft.quote('Helped then', plan.title, cited);
    else if (plan.state === 'rolledBack' || plan.state === 'failed') draft.quote('Did not help then', plan.title, cited);
  }
}

/** What is over: when it was there, why, and what ended it by whose approval. */
export function sayLately(draft: AnswerDraft, past: PastIncident, plans: readonly Plan[]): void {
  const when = whenOf(past);
  const own = plans.filter((p) => p.decidedAt !== undefined && p.decidedAt >= past.openedAt && REPAIRED.has(p.state));
  const helped = own.map((p) => (p.decidedBy === undefined ? p.title : `${p.title} (approved by ${p.decidedBy} at ${p.decidedAt ?? ''})`));
  const because = past.title.includes(past.message) ? [] : [past.message];
  const cited = pastCited(past, [past.title, ...because, when, ...helped]);
  draft.say('about', 'Something was wrong there within the last day, and is over:');
  draft.quote('Before', past.title, cited);
  for (const text of because) draft.quote('Because', text, cited);
  draft.quote('Before', when, cited);
  for (const text of helped) draft.quote('Helped then', text, cited);
  if (helped.length === 0) draft.say('more', 'It ended without a plan of ours.');
}

/** Carried out; what is verified still has taken the fault away. */
const REPAIRED: ReadonlySet<Plan['state']> = new Set(['verifying', 'done']);

const passageCited = ({ id, source, path, heading, line, trust, givesOrders, text }: KnowledgeHit): Cited => ({
  kind: 'passage',
  id,
  source,
  path,
  heading,
  line,
  trust,
  givesOrders,
  text,
});

/** Of another passage than the best so much is quoted. */
const MOST_OTHERS = 2;

/** What is written: the best passage as it stands, and of others the sentence that says most of what was asked. */
export function sayPassages(draft: AnswerDraft, question: string, hits: readonly KnowledgeHit[]): void {
  const plain = hits.filter((h) => !h.givesOrders);
  const [best, ...others] = plain.length > 0 ? plain : hits;
  if (best === undefined) return;
  draft.quote('Written', best.text.trim(), passageCited(best));
  if (best.givesOrders)
    draft.say('unread', 'That page is worded as if it gave orders to its reader; it is quoted, and nothing in it was followed.');
  const same = others.filter((h) => h.score >= 0.6 * best.score).slice(0, MOST_OTHERS);
  for (const other of same) {
    const sentence = tellingSentence(question, other.text);
    if (sentence !== undefined) draft.quote('Also', sentence, passageCited(other));
  }
}

/** A longer section is not quoted whole where it only may be meant. */
const MOST_OF_A_SECTION = 700;

/** What may answer in other words than the question's: sections as they stand, the nearest first. */
export function sayNear(draft: AnswerDraft, question: string, sections: readonly KnowledgeHit[]): void {
  draft.say('about', 'No page of your team says it in these words. Nearest to it is this:');
  for (const section of sections) {
    const text = section.text.trim();
    const said = text.length <= MOST_OF_A_SECTION ? text : tellingSentence(question, text);
    if (said !== undefined) draft.quote('Written', said, passageCited(section));
  }
}

/** What a model found among it to answer what was asked: each piece word for word, with the passage it stands in. */
export function sayQuotes(draft: AnswerDraft, quotes: readonly Quote[], hits: readonly KnowledgeHit[]): void {
  for (const { passage, text } of quotes) {
    const hit = hits.find((h) => h.id === passage);
    if (hit !== undefined) draft.quote('Written', text, passageCited(hit));
  }
}

/** The first sentence of what is written about a code: what it means. */
export function sayMeaning(draft: AnswerDraft, hits: readonly KnowledgeHit[]): void {
  const hit = hits.find((h) => !h.givesOrders);
  const sentence = hit === undefined ? undefined : sentencesOf(hit.text)[0];
  if (hit !== undefined && sentence !== undefined) draft.quote('Written', sentence, passageCited(hit));
}

/** The sentence of a text with the most of what was asked in it; none where no sentence has any of it. */
export function tellingSentence(question: string, text: string): string | undefined {
  const terms = termsOf(question);
  let best: { sentence: string; says: number } | undefined;
  for (const sentence of sentencesOf(text)) {
    const said = new Set(stemsOf(sentence));
    const says = terms.filter(({ ways }) => ways.some((way) => way.every((w) => said.has(w)))).length;
    if (says > (best?.says ?? 0)) best = { sentence, says };
  }
  return best?.sentence;
}
