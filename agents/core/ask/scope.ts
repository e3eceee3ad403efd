import { asksNothing, saysState } from './how-it-is.ts';
import { asksHowItIs, signsIn } from './rules.ts';

/**
 * What a question asks for, as far as a look at a cluster can answer it. `seen`: whether something is wrong, why, and what would help; the
 * rest is nothing that stands in a cluster: `toCome`, `opinion`, `notKept` (people, money, business, the building, values of secrets), or
 * `other`: something else about the cluster than whether it is well.
 */
export type Scope = 'seen' | Unseen;
export type Unseen = 'toCome' | 'opinion' | 'notKept' | 'other';

const TO_COME =
  /\b(?:will(?! not\b)|gonna|going to|tomorrow|some ?day|(?:next|coming) (?:night|day|week(?:end)?|month|quarter|year|decade|time|outage|failure|release|incident)|in (?:\d+|a|two|three|four|five|six|ten) (?:hours?|days?|weeks?|months?|years?)|by (?:next|the end of)|(?:in|by|until) 20\d\d|(?:fail|break|crash|die|fall)s? next|predict|forecast|the future)\b/;
const OPINION =
  /\b(?:better|best|worse|worst|nicer?|nicest|ugl(?:y|ier|iest)|beautiful|pretty|elegant|(?:over|under)rated|favou?rite|opinion|worth|fair|unfair|prefer\w*|angry|happy|sad|love|hate|boring|cool|fun|funny|clever|stupid|smart(?:er|est)?|fault of|whose fault|to blame|do you (?:like|think|feel|believe|enjoy|want)|your (?:view|opinion|favou?rite|take)|are you (?:sure you|afraid|tired|happy)|should (?:i|we) (?:become|use|switch|move to|hire|buy|adopt|learn|choose|quit)|a good idea|is it (?:wise|sensible|sane|reasonable|ethical|worthwhile)|the right choice|good enough)\b/;
const NOT_KEPT =
  /\b(?:costs?|prices?|priced|bills?|billed|invoices?|budgets?|salar\w+|money|euros?|dollars?|contracts?|revenue|customers?|clients? (?:bought|paid)|bought|sold|sales|orders? (?:came|were|did)|tickets?|jira|on[- ]?call|phone|telephone|e-?mail|birthday|address of (?:the )?(?:owner|office|customer)|developers?|engineers?|manager|boss|colleagues?|team ?lead|who (?:wrote|built|owns|runs|made|designed|is responsible)|wrote|owner|maintainer|building|office|floor|rack|room|data ?cent(?:er|re)|serial number|warranty|weather|(?:what|which) (?:is|are|was) the (?:\w+ )?(?:passwords?|tokens?|passphrases?|api keys?|private keys?))\b/;
/** Words of something being wrong, beside those that are signs of a fault. */
const ILL =
  /\b(?:reachable|available|incidents?|outages?|faults?|errors?|causes?|reasons?|why|check|inspect|diagnose|happen(?:s|ed|ing)?|going on|slow(?:er|est)?|unwell|ill|sick|help|respond\w*|all good|out of (?:memory|disk|space|cpu)|schedul\w+|behav\w+|weird|odd|unusual|strange|abnormal|wait(?:s|ing)?|kill(?:s|ed)?|restart\w*|explain|look at)\b/;

/** What incidents of other agents have to be about to be an answer to a question for one that is not there. */
const TOPICS: Readonly<Record<string, RegExp>> = {
  certificate: /\b(?:certificates?|tls|x509|https|issuer|ca)\b/i,
  registry: /\b(?:images?|registry|tags?|digests?|pull(?:ed)?)\b/i,
  backup: /\b(?:backups?|snapshots?|velero|restores?)\b/i,
  security: /\b(?:rbac|forbidden|rights?|roles?|privileg\w+|pod security|secrets?|allowed|networkpolic\w+)\b/i,
  observability: /\b(?:memory|cpu|latency|slow|unusual|limit|throttl\w+|disk|full|grows?|traffic|restarts?)\b/i,
};

/** Whether what was found can be an answer to a question for this agent. */
export const isOfTopic = (agent: string, text: string): boolean => TOPICS[agent]?.test(text) ?? true;

/** Whether somebody would have to think it, whatever else it asks: of the best way to do something there is a page. */
export const asksOpinion = (question: string): boolean =>
  OPINION.test(question.toLowerCase().replaceAll(/\b(?:best|better) (?:practices?|ways?)\b|\bcool-?down\b/g, ''));

/** `rest`: the question without the names in it, which may be any words. */
export function scopeOf(rest: string): Scope {
  const text = rest.toLowerCase();
  if (asksNothing(text)) return 'seen';
  if (asksOpinion(text)) return 'opinion';
  if (TO_COME.test(text)) return 'toCome';
  if (NOT_KEPT.test(text)) return 'notKept';
  return asksHowItIs(text) || saysState(text) || ILL.test(text) || (signsIn(text).get('troubleshooting') ?? 0) > 0 ? 'seen' : 'other';
}
