import { wordsOf } from './wordings.ts';

/** The words of which questions are made that ask how something is. */

const each = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Beside a name they ask for nothing of their own. */
const BESIDE_A_NAME = each(
  'the a an my our this that and in of on about with for to at what how is are do you know tell me us describe please now today pod pods ' +
    'app apps workload workloads deployment deployments service services namespace namespaces node nodes cluster clusters context contexts job jobs',
);
/** What else is said beside a state without asking for more. */
const BY_THE_WAY = each(
  'hey hi hello so but these those there here be it does give show currently still right really all any some everything anything something ' +
    'thing things whole overall worry worried see application fleet system environment production staging',
);
/** Words of how something is. */
const STATES = each(
  'ok okay fine well healthy health alive up running ready stable green state status matter problem problems issue issues trouble',
);
/** They are of how something is where nothing else is said. */
const LOOSELY = each(
  'good alright working doing going feeling looking look condition shape situation overview summary wrong broken concern concerns',
);

/** Whether it says no more than names and what may stand beside them. */
export const asksNothing = (rest: string): boolean => wordsOf(rest).every((word) => BESIDE_A_NAME.has(word) || !/\p{L}/u.test(word));

export const saysState = (text: string): boolean => wordsOf(text).some((word) => STATES.has(word));

/** Whether all of it but one word, a name, are of how something is or beside that. */
export function saysHowItIs(text: string): boolean {
  const words = wordsOf(text);
  const state = words.filter((word) => STATES.has(word) || LOOSELY.has(word));
  const idle = words.filter((word) => BESIDE_A_NAME.has(word) || BY_THE_WAY.has(word));
  return state.length > 0 && words.length - state.length - idle.length <= 1;
}
