import type { Scope } from './scope.ts';
import type { Understood } from './understand.ts';

/** Passages of the page about a code, what stands under the heading that is asked for first; our runbooks all have the same ones. */
export function passagesAbout<H extends { readonly path: string; readonly heading: string }>(
  code: string,
  section: RegExp,
  hits: readonly H[],
): H[] {
  const own = hits.filter((h) => h.path.includes(code) || h.heading.includes(code));
  return [...own.filter((h) => section.test(h.heading)), ...own.filter((h) => !section.test(h.heading))];
}

/** The heading under which it stands what a code means. */
export const MEANING = /means/i;

/** The heading under which a question is answered. */
export function sectionAsked(question: string): RegExp {
  if (/\b(?:prevent|avoid|never again|in future)/i.test(question)) return /prevent/i;
  if (/\b(?:tell|check|see|find out|recogni[sz]e|verify|diagnose)\b/i.test(question)) return /tell/i;
  return /\b(?:do|fix|repair|solve|steps?|resolve)\b/i.test(question) && !/\bmean/i.test(question) ? /what to do/i : MEANING;
}

/** To be read off a cluster. */
const LISTS = /^(?:list|show|count)\b/i;
/** A value may stand in what ships, but none of ours, and not which of ours are not so. */
const VALUE_OF_OURS = /^(?:who|whose|which|when|where|how (?:many|much|often|long))\b.*\b(?:we|us|ours?|my|mine)\b/i;
const NOT_SO = /^(?:who|whose|which)\b.{0,60}\b(?:not|never|cannot)\b/i;

/**
 * What ships with the product says how things are done, what they mean, and what holds in any cluster: nothing of people, of the future, or
 * of what is in this cluster.
 */
export const shippedAnswers = (question: string, { intent }: Pick<Understood, 'intent'>, scope: Scope): boolean =>
  scope === 'other' && (intent === 'how' || !(LISTS.test(question) || VALUE_OF_OURS.test(question) || NOT_SO.test(question)));
