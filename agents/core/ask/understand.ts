import type { ForWhom } from './classify.ts';

/** What a question wants. */
export type Intent =
  /** Look at the cluster and say what is wrong. */
  | 'look'
  /** Why is that so: what the last answer rests on. */
  | 'why'
  /** The next of the incidents that were found. */
  | 'other'
  /** What would repair it. */
  | 'repair'
  /** Whether it was there before, and what helped. */
  | 'past'
  /** How something is done, what something means. */
  | 'how';

export interface Understood {
  readonly intent: Intent;
  /** It speaks of what was spoken of before. */
  readonly pointsBack: boolean;
  readonly incident: string | undefined;
  readonly plan: string | undefined;
  readonly code: string | undefined;
}

const PAST =
  /\b(?:(?:seen|had|have|happen(?:ed)?|occurr?ed|there) (?:\w+ ){0,2}before|ever happen|last time|similar|past incidents?|(?:helped|did we do|solved) (?:\w+ ){0,2}(?:then|before|last)|same cause|history of)\b/;
const HOW =
  /^(?:(?:and|so|but|then) )?(?:how (?:do|does|can|could|should|would|to|must)\b|what (?:is|are) (?:a|an|the (?:difference|meaning|recommended|best))\b|what (?:is|are) meant\b|what does [^?]* mean\b|what do(?:es)? [^?]* (?:recommend|say)\b|meaning of\b|explain (?:a|an|how|the (?:code|meaning|difference)|what (?:a|an) )|best practices?\b|when should\b|is there (?:a|any) (?:runbook|page|documentation|guide)\b|runbook\b|where is it (?:written|documented)\b|steps? (?:to|for)\b)/;
/** Something done to any one of a kind, "resume a paused deployment", or the words of a command: that is written, whatever a cluster is like. */
const ANY_ONE =
  /^(?:please )?(?:add|annotate|approve|attach|change|clean|copy|cordon|create|debug|delete|deny|drain|enlarge|evict|expose|forward|give|grant|label|limit|make|mark|merge|move|open|pause|put|recover|remove|renew|replace|resize|restart|restore|resume|revoke|roll|rotate|run|scale|set|shrink|spread|stop|suspend|switch|taint|test|trace|tunnel|turn|uncordon|update|upgrade|use|write)(?: (?:up|back|out|down|off|on|over))? an? \w|^kubectl [a-z]/;
const WHY =
  /^(?:(?:and|but|so) )?(?:why(?: (?:is|do you (?:think|say)) (?:that|it|so))?|how come|how do you know(?: that)?|what makes you (?:think|say) (?:so|that)|on what (?:evidence|grounds)|show (?:me )?the evidence|are you sure)\s*\??$/;
const OTHER =
  /\b(?:the )?(?:other|next|second|another|remaining) (?:ones?|incidents?|problems?|faults?)\b|^(?:and )?(?:what else|anything else|next)\b/;
const REPAIR =
  /^(?:please |now |then |and |ok(?:ay)?,? |can you |could you |would you |just )*(?:fix|repair|solve|resolve|remedy|heal|do) (?:it|this|that|them)\b|\bhow (?:would|do|can) (?:you|we|i) (?:fix|repair|solve) (?:it|this|that)\b|^what (?:can|should|would) (?:we|i|you|one) do(?: about (?:it|this|that))?\s*\??$/;
const ABOUT = /^(?:and )?(?:what about|how about|tell me about|what of|describe|status of)\b/;
const POINTING = /\b(?:it|this|that|them|these|those|its|then|there|the other|the next|the second)\b/;

/** Whether it asks how something is done or what something means, whatever a cluster is like. `text` in small letters. */
export const asksHow = (text: string): boolean => HOW.test(text) || ANY_ONE.test(text);

/** What a word of the field means: OOMKilled, DNS, ImagePullBackOff. Objects of a cluster are called in small letters. */
export const asksMeaning = (question: string): boolean =>
  /^(?:[Ww]hat(?:[’']?s| is| are| does| do)|[Ee]xplain|[Dd]efine)(?: an?| the)? \p{L}*\p{Lu}\p{L}*\p{Lu}\p{L}*(?: mean)?\s*[?.!]*$/u.test(
    question.trim(),
  );

/** What a question wants, from its words and from whom it is for. `hasThread`: something was spoken of before. */
export function understand(question: string, forWhom: ForWhom, hasThread: boolean): Understood {
  const text = question.toLowerCase().trim();
  const short = text.split(/\s+/).length <= 7;
  const named = {
    incident: /\binc-[a-z0-9]+/.exec(text)?.[0],
    plan: /\bplan-[a-z0-9]+/.exec(text)?.[0],
    code: /\b[A-Z]{2,4}-\d{3}\b/.exec(question.toUpperCase())?.[0],
  };
  const pointsBack =
    hasThread &&
    named.incident === undefined &&
    ((short && POINTING.test(text)) || WHY.test(text) || OTHER.test(text) || REPAIR.test(text));
  return {
    ...named,
    pointsBack,
    intent: asksMeaning(question) ? 'how' : intentOf(text, forWhom[0]?.agent ?? '', hasThread, named.plan !== undefined),
  };
}

function intentOf(text: string, agent: string, hasThread: boolean, namesPlan: boolean): Intent {
  if (hasThread && WHY.test(text)) return 'why';
  if (hasThread && OTHER.test(text)) return 'other';
  if (namesPlan || REPAIR.test(text)) return 'repair';
  if (PAST.test(text)) return 'past';
  if (asksHow(text)) return 'how';
  // Of a thing that is named; of one that is not in the cluster it is said what is written.
  if (ABOUT.test(text)) return 'look';
  if (agent === 'resolver') return 'repair';
  return agent === 'documentation' ? 'how' : 'look';
}
