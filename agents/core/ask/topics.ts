import { saysMoreThanTrade } from './rules.ts';
import { plainly } from './topics-words.ts';
import { asksHow } from './understand.ts';

/**
 * What a question wants to know of a cluster beside whether it is well. All of it stands somewhere and is read, none of it is judged:
 * `changes` what changed and who did it, `outlook` what is unusual or will reach a limit, `usage` how much is used now, `logs` what a
 * workload logs, `access` who may do what, `plans` what waits or was done, `clusters` which there are, `incidents` which are open, `list`
 * which objects of a kind there are, `related` what has to do with one object, `field` what it says of itself.
 */
export type Topic =
  | { readonly of: 'changes' }
  | { readonly of: 'outlook' }
  | { readonly of: 'usage'; readonly measure: Measure }
  | { readonly of: 'logs'; readonly errors: boolean }
  | { readonly of: 'access'; readonly verb: string; readonly resource: string; readonly who: Who }
  | { readonly of: 'plans'; readonly done: boolean }
  | { readonly of: 'clusters' }
  | { readonly of: 'incidents' }
  | { readonly of: 'list'; readonly kind: string; readonly columns?: string; readonly unready?: boolean }
  | { readonly of: 'related'; readonly way: 'to' | 'from' }
  | { readonly of: 'field' };

/** Whoever may, the one who asks, or somebody by name. */
export type Who = 'anybody' | 'oneself' | { readonly name: string };

export type Measure = 'all' | 'throttled' | 'memory' | 'cpu' | 'disk' | 'network' | 'requests' | 'errors' | 'latency' | 'restarts';

const CHANGES =
  /\bwhat(?:[’']?s| has| have| was| were| is| did)? (?:[\w@.:-]+ ){0,3}(?:changed?|changes|deployed|rolled out|released|modified|edited|updated)\b|\b(?:who|when)\b.*\b(?:changed|deployed|rolled out|released|edited|modified|updated|scaled|touched|deleted|created|removed)\b|\b(?:recent|latest|last) (?:changes?|deployments?|rollouts?|releases?|edits?)\b|\b(?:any|which|list|show|see|all|the) (?:\w+ )?changes?\b|\b(?:has|have|did|was|were) (?:there )?(?:any|some)(?:thing|body|one)? (?:been |get )?(?:chang\w*|deploy\w*|roll\w* out|edit\w*|touch\w*|scal\w*|delet\w*|updat\w*|releas\w*)\b/;
const OUTLOOK =
  /\b(?:anything|something|what(?:[’']?s| is)?|is there|are there|anywhere)\b.*\b(?:unusual|abnormal|anomal\w+|odd|weird|strange|suspicious|out of the ordinary)\b|\banomal(?:y|ies)\b|\b(?:forecasts?|predict(?:ions?|ed|s)?|foretold|outlook)\b|\b(?:will|going to|about to|gonna|soon|when|how long|until|close to|near)\b.*\b(?:run(?:s|ning)? (?:out|low)|fill(?:s|ed|ing)?(?: up)?|full|exhaust\w*|oom\w*|(?:hit|reach|exceed)(?:s|ing)?(?: (?:its|the|their))?(?: \w+)? limits?)\b|\b(?:which|what) .*\brunn?ing (?:out|low)\b|\b(?:which|what|any|show|list) (?:\w+ )?alerts?\b/;
/** Asked in few words: what is measured, and of what. */
const NO_NOUN = /^(?:is|are|was|were|does|do|did|has|have|will|can|should|why)\b/;
/** Of a limit that is near, what is taken is asked for beside it. */
const HOW_NEAR = /\bhow (?:close|near|far)\b.*\b(?:limits?|capacity|full)\b/;
const USAGE =
  /\b(?:how (?:much|many|full|busy|loaded|fast|slow|often|long)|what(?:[’']?s| is| are)|which|who|top|most|least|highest|biggest|largest|heaviest|show|current|list)\b/;
const MEASURES: readonly (readonly [Measure, RegExp])[] = [
  ['errors', /\berror (?:rate|ratio|percentage)|\b(?:rate|share|percentage) of errors|\bhow many (?:errors|5xx|failed requests)\b/],
  [
    'latency',
    /\b(?:latency|latencies|response times?|p9\d|percentiles?|how (?:fast|slow)|how long (?:do|does) .*\b(?:requests?|calls?|answers?|pages?)\b.*\btake)\b/,
  ],
  ['requests', /\b(?:requests? (?:per|a|each|every) |rps\b|qps\b|request rate|throughput\b|how many requests\b|traffic\b)/],
  ['restarts', /\b(?:how many (?:times )?(?:\w+ ){0,3}restart\w*|how often .*restart\w*|restart(?:s| counts?)|most restarts)\b/],
  ['throttled', /\bthrottl\w+/],
  ['disk', /\b(?:disks?|storage|volumes?|space|inodes?|filesystems?)\b/],
  ['memory', /\b(?:memory|ram|mem)\b/],
  ['cpu', /\b(?:cpus?|cores?|processors?|load)\b/],
  [
    'all',
    /\b(?:how (?:busy|loaded|full)|(?:resource|resources)\b.*\b(?:usage|used?|tak\w+|consum\w+)|(?:usage|consumption) of|how much (?:does|do|is) \S+ (?:us\w+|tak\w+|consum\w+))\b/,
  ],
  ['network', /\b(?:network|bandwidth|bytes (?:sent|received))\b/],
];
/** What is asked for, not what is taken. */
const SET =
  /\b(?:limits?|requests?|requested|reserved|guaranteed|quota|class(?:es)?|size|capacity|type|mounts?|mounted|how (?:big|large))\b/;
const TAKEN =
  /\b(?:us(?:e|es|ed|ing|age)|tak(?:e|es|en|ing)|consum\w+|eat\w*|need\w*|hog\w*|full|free|left|busy|loaded|now|currently|most|least|top|highest|biggest)\b/;
const LOGS =
  /\b(?:last|latest|recent) (?:\w+ )?(?:errors?|warnings?|exceptions?|lines?|output)\b|\b(?:show|get|give|print|tail|see|read|fetch|what(?:[’']?s| is| are| does| do| did)|any|which|last|latest|recent)\b.*\blogs?\b|\blog (?:lines?|output|entries)\b|^what (?:does|did|do) .* (?:log|print|say)\b|^(?:the )?(?:last |latest |recent |error )?logs?\b|\blogs?[?.]?$|\b(?:is|are|does|do) .* logg?(?:ing)? (?:any )?(?:errors?|warnings?|exceptions?|something|anything)\b|\bhow (?:often|many times)\b.*\b(?:logs?|logged)\b/;
const PLANS =
  /\b(?:what|which|anything|is there|are there|how many|show|list)\b.*\b(?:wait\w*|pending|open|needs?|needed)\b.*\b(?:approv\w+|decisions?|decided|plans?|me)\b|\bplans?\b.*\b(?:wait\w*|open|pending|there)\b/;
const DONE =
  /\bwhat (?:did|have|has) (?:you|the agents?|the crew|quarterdeck|the app)\b.*\b(?:do|done|change|changed|repair|repaired|fix|fixed)\b|\b(?:which|what) plans? (?:was|were|have been|did)\b/;
const CLUSTERS = /\b(?:which|what|how many|list|show|all)\b (?:\w+ ){0,3}(?:clusters|contexts)\b/;
const VERSION =
  /\b(?:what|which)\b.*\bversion\b.*\b(?:cluster|kubernetes|k8s|api ?server|kubelets?|nodes?)\b|\b(?:kubernetes|k8s|cluster|api ?server|kubelet) version\b/;
/** May somebody who is named, and what; the kind may stand behind the name of the object. */
const MAY_ONE =
  /^(?:so |and )?(?:can|may|could|is|does) (?:the |user |group |serviceaccount |sa )*(?<who>[a-z0-9][a-z0-9@.:_-]*?)(?:['’]s)?(?: (?:serviceaccount|account|sa|user))? (?:(?:be )?(?:able|allowed|permitted) to |have (?:the )?(?:rights?|permissions?) to )?(?<verb>\w+) (?<what>[^?]+)/;
const ONESELF: ReadonlySet<string> = new Set(['i', 'we', 'me']);
const NOBODY: ReadonlySet<string> = new Set(['you', 'it', 'this', 'that', 'they', 'there', 'somebody', 'someone', 'anybody', 'anyone']);
const ACCESS =
  /^(?:so |and )?(?:who(?: else)? (?:can|may|could|is (?:allowed|able|permitted) to|has (?:the )?(?:right|permission) to)|(?<own>(?:can|may|could) i|am i (?:allowed|able|permitted) to|do i have (?:the )?(?:right|permission) to)) (?<verb>\w+)(?: (?:in)?to)? (?:(?:the|a|an|all|any|my|our) )?(?<resource>[a-z.]+)/;
/** Which are open, and not what one was. */
const INCIDENTS =
  /^(?:please |and )*(?:(?:show|list|get|give|tell|how many|which|what|are there|the|me|us|any|all|are) )*(?:open|current|active|ongoing|unresolved) (?:\w+ )?incidents?\b|^(?:list|show|how many)(?: me| us| all| the| of)* incidents?\b(?!.*\b(?:was|were|had|last|past|yesterday|ago|before|resolved)\b)/;
/** Words for what may be done, as the API has them. */
const VERBS: Readonly<Record<string, string>> = {
  see: 'get',
  read: 'get',
  view: 'get',
  get: 'get',
  open: 'get',
  list: 'list',
  watch: 'watch',
  create: 'create',
  make: 'create',
  add: 'create',
  deploy: 'create',
  delete: 'delete',
  remove: 'delete',
  kill: 'delete',
  evict: 'delete',
  change: 'patch',
  edit: 'patch',
  patch: 'patch',
  modify: 'patch',
  restart: 'patch',
  scale: 'patch',
  drain: 'patch',
  cordon: 'patch',
  update: 'update',
  bind: 'bind',
  escalate: 'escalate',
  impersonate: 'impersonate',
  exec: 'exec',
};
/** "Which", "list all", "how many running", or nothing at all: a kind is said behind it. */
const LISTED =
  /^(?:please |and )*(?:(?<verb>(?:can you |could you )?(?:show|list|get|give|tell|count|name|print)(?: me| us)?|which|what|how many|(?:are|is) there(?: any| an?)?|(?:do|does) \S+ have(?: any| an?)?|any|all|what(?:[’']?s| are)|where (?:is|are)) |)(?:(?:all|the|of|my|our|your|running|ready|different|kinds? of|names? of|list of) )*(?<kind>[a-z]+)\b/;
/** Of several only: "pods in shop", and not "pod security". */
const isPlural = (word: string): boolean => /(?:[^s]s|sses)$/.test(word) || word === 'quota';
const UNREADY =
  /^(?:which|what|any|list|show|all|how many|are (?:there )?(?:any|all))\b.*\b(?:not|isn['’]?t|aren['’]?t|never) (?:ready|running|up|available)\b|\b(?:unready|unavailable)\b/;
/** What else is bound to it: what uses it, or what it uses. */
const USES =
  '(?:us(?:es?|ing)|reads?|mounts?|calls?|calling|talk(?:s|ing)? to|depends? (?:up)?on|depending on|needs?|references?|refers? to|points? (?:at|to)|selects?|is related to|(?:is )?connected to|(?:is )?attached to|appl(?:y|ies) to|sends? traffic to|routes? to|(?:is |sits )?in front of|(?:is )?behind)';
const USER =
  '(?:what|who|whoever|anything|anybody|something|everything|(?:what|which) (?:[a-z]+ )?(?:apps?|applications?|workloads?|services?|deployments?|things?|objects?|resources?|programs?|clients?|ingress(?:es)?))';
const USED_BY = new RegExp(
  `^(?:and |so )?${USER}(?: else| all)? (?:(?:is|are) )?${USES}\\b|\\bwhere is .* used\\b|\\b(?:dependents|consumers|users|callers|clients) of\\b|\\bis .* used by\\b|\\bused by (?:what|whom|who)\\b`,
);
const USES_WHAT = new RegExp(
  `^(?:and |so )?what(?: else| all)? does \\S+ ${USES}|\\b(?:dependencies|upstreams) of\\b|^what is .* (?:related|connected) to\\b`,
);
const RESTARTED = /\bwhen\b.*\b(?:re)?start(?:s|ed)?\b(?!.*\b(?:fail|crash|break|behav|los|leak)\w*)/;
/** Something is to be done or looked into. */
const ORDERED =
  /^(?:please |now |then |and |can you |could you )*(?:fix|repair|solve|check|look|explain|diagnose|describe|inspect|tell me about|restart|scale|delete|remove|drain|cordon|suspend|resume|pause|rollback|roll|undo|redeploy|bounce|kick|stop|start|kill|set|change|create|add|apply|install|upgrade|update|patch|edit)\b/;
/** Of a workload only its pods say it. */
const RUNS_WHERE =
  /\b(?:where (?:is|are|does|do)\b.*\b(?:run|runs|running|scheduled|placed)|(?:on )?(?:which|what) (?:nodes?|machines?)\b.*\b(?:is|are|run|runs|running|host|hosts)|pod ips?)\b/;
/** What is wrong is looked for, and not listed. */
const ILL =
  /\b(?:why|fail\w*|crash\w*|broken?|unhealthy|not (?:ready|running|working|ok|healthy)|unready|pending|stuck|wrong|bad|evicted|errors?|problems?|unschedulable|unbound|missing|restart(?:s|ed|ing)?|dying|dead|down)\b/;

interface Said {
  /** An object of the cluster is named. */
  readonly namesObject: boolean;
  readonly kindOf: (word: string) => string | undefined;
}

/** What of a cluster a question wants to know, from its words; undefined where it asks for none of that, or why something is wrong. */
export function topicOf(question: string, { namesObject, kindOf }: Said): Topic | undefined {
  const text = plainly(question).toLowerCase().trim();
  if (asksHow(text) || /^(?:and |so |but )?(?:why|how come)\b/.test(text)) return undefined;
  const access = accessIn(text, kindOf);
  if (access !== undefined) return access;
  if (DONE.test(text)) return { of: 'plans', done: true };
  if (PLANS.test(text)) return { of: 'plans', done: false };
  if (!namesObject && INCIDENTS.test(text)) return { of: 'incidents' };
  if (namesObject && RESTARTED.test(text) && !/\bwho\b/.test(text)) return { of: 'field' };
  if (CHANGES.test(text)) return { of: 'changes' };
  if (OUTLOOK.test(text)) return { of: 'outlook' };
  const measure = MEASURES.find(([, words]) => words.test(text))?.[0];
  const isRate = measure === 'requests' || measure === 'errors' || measure === 'latency' || measure === 'restarts';
  if (measure !== undefined && (measure === 'throttled' || HOW_NEAR.test(text))) return { of: 'usage', measure };
  const isSaidShort = !NO_NOUN.test(text) && !ILL.test(text) && (namesObject || TAKEN.test(text));
  if (measure !== undefined && (isRate ? USAGE.test(text) : !SET.test(text) && (isSaidShort || (USAGE.test(text) && TAKEN.test(text)))))
    return { of: 'usage', measure };
  if (LOGS.test(text) && namesObject)
    return { of: 'logs', errors: /\b(?:errors?|warn\w*|exceptions?|fail\w*|fatal|panic\w*)\b/.test(text) };
  if (CLUSTERS.test(text)) return { of: 'clusters' };
  if (VERSION.test(text) && !namesObject) return { of: 'list', kind: 'Node' };
  const { kind = '', verb: asksList } = LISTED.exec(text)?.groups ?? {};
  const listed = asksList === undefined && !isPlural(kind) ? undefined : kindOf(kind);
  if (listed !== undefined && UNREADY.test(text)) return { of: 'list', kind: listed, unready: true };
  if (ILL.test(text)) return undefined;
  if (namesObject && RUNS_WHERE.test(text)) return { of: 'list', kind: 'Pod', columns: 'node' };
  if (namesObject && USED_BY.test(text)) return { of: 'related', way: 'to' };
  if (namesObject && USES_WHAT.test(text)) return { of: 'related', way: 'from' };
  if (listed !== undefined && !(namesObject && listed === 'Namespace')) return { of: 'list', kind: listed };
  return namesObject && !ORDERED.test(text) ? { of: 'field' } : undefined;
}

/** Words of which questions of these kinds are made. */
const OF_TOPICS =
  /^(?:chang\w*|deploy\w*|roll\w*|releas\w*|edit\w*|modif\w*|updat\w*|touch\w*|scal\w*|creat\w*|delet\w*|remov\w*|anything|something|unusual|abnormal|odd|weird|strange|anomal\w*|forecast\w*|predict\w*|runn?(?:s|ing)?|out|low|soon|fill\w*|full\w*|exhaust\w*|limit\w*|reach\w*|close|near|hit|us(?:e|es|ed|ing|age)|tak\w*|consum\w*|hog\w*|top|highest|biggest|largest|heaviest|busiest|ram|disks?|space|inodes?|network|bandwidth|latency|restart\w*|versions?|list|show|count|names?|read|see|view|kill|drain|exec|allowed|able|permitted|alerts?|firing|fires?|open|ongoing|unresolved|current\w*|different|free|left|rate|seconds?|sec|minutes?|mins?|hrs?|right|there|exist\w*|kubernetes|k8s|eat\w*|most|least|by|ready|unready|available|throttl\w*|\d+(?:s|m|h|d|min|mins|hrs?)?)$/;

/** Whether it speaks of something beside what these topics are made of, its names aside: a vendor, a rack, a price. */
export const saysMoreThanTopic = (rest: string, kindOf: Said['kindOf']): boolean =>
  saysMoreThanTrade(
    (rest.match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu) ?? []).filter((w) => !OF_TOPICS.test(w.toLowerCase()) && kindOf(w) === undefined).join(' '),
  );

function accessIn(text: string, kindOf: Said['kindOf']): Topic | undefined {
  const { own, verb: said = '', resource: word = '' } = ACCESS.exec(text)?.groups ?? {};
  if (VERBS[said] !== undefined && kindOf(word) !== undefined)
    return accessTo(VERBS[said], word, own === undefined ? 'anybody' : 'oneself');
  const { who = '', verb = '', what = '' } = MAY_ONE.exec(text)?.groups ?? {};
  const resource = what
    .split(/\s+/)
    .slice(0, 4)
    .find((w) => kindOf(w) !== undefined);
  if (VERBS[verb] === undefined || resource === undefined || NOBODY.has(who) || kindOf(who) !== undefined) return undefined;
  return accessTo(VERBS[verb], resource, ONESELF.has(who) ? 'oneself' : { name: who });
}

const accessTo = (verb: string, resource: string, who: Who): Topic =>
  verb === 'exec' ? { of: 'access', verb: 'create', resource: 'pods/exec', who } : { of: 'access', verb, resource, who };
