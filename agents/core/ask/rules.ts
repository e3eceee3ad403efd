import { saysNothing } from '../knowledge/words.ts';
import { saysHowItIs } from './how-it-is.ts';

/** Words that leave little doubt whom a request is for, as people who run clusters use them. The agent, how strong a sign it is, and the sign. */
const SIGNS: readonly (readonly [agent: string, weight: number, sign: RegExp])[] = [
  [
    'certificate',
    3,
    /\b(?:m?tls|ssl|x509|cert-?manager|certificates?|certs?|acme|letsencrypt|let[’']?s encrypt|csrs?|cipher|issuers?|https|challenges?|stapling|ocsp)\b/,
  ],
  [
    'certificate',
    1,
    /\b(?:expir\w+|laps\w+|wildcard|renew\w*|chain|self-?signed|root ca|ca bundle|cas?|san|handshake|private key|intermediate|valid until|not secure|(?:not |un)trusted|unknown authority)\b/,
  ],
  ['backup', 3, /\b(?:back-?ups?|backed up|back up|velero|snapshots?|restores?|restored|restoring|disaster|rpo|rto|dumps?|offsite)\b/],
  [
    'backup',
    1,
    /\b(?:recover\w*|copies|copy of|retention|bring .*\bback|get .*\bback|want .*\bback|need .*\bback|point in time|wiped|deleted by|by accident|data loss|lost)\b/,
  ],
  [
    'registry',
    3,
    /\b(?:registry|registries|digests?|tags?|image layers?|base images?|docker ?hub|quay|harbor|ghcr|sbom|cosign|repositories|repos?)\b/,
  ],
  ['registry', 1, /\b(?:repository|images?|layers?|arm(?:64)?|amd(?:64)?|signed|signing|version|pushed|built|unpinned|multi-?arch)\b/],
  [
    'security',
    3,
    /\b(?:rbac|privileged?|escalat\w+|cves?|vulnerab\w+|cis|compliance|compliant|hardened?|harden|attack\w*|exploit\w*|cluster-?admin|audit|leaked|netpols?|wide open|lock(?:ed)? down|tighten)\b/,
  ],
  ['security', 2, /\bwho(?:[’']?s| is)? (?:can|may|has|got|is allowed|allowed|changed|deleted|created|touched|logged|did)\b/],
  [
    'security',
    2,
    /\b(?:as root|in plain ?text|clear text|plain passwords?|(?:still )?ha(?:s|ve) (?:access|rights|admin)|too (?:many|much) (?:rights|power))\b/,
  ],
  [
    'security',
    1,
    /\b(?:permissions?|permitted|allowed|secure|security|secrets?|passwords?|credentials?|roles?|access|rights|admin|tokens?|root|exposed|public|internet|keys|isolate|suspicious|anonymous)\b/,
  ],
  [
    'observability',
    3,
    /\b(?:metrics?|latency|p9\d|percentiles?|throughput|rps|qps|forecast\w*|predict\w*|anomal\w+|outliers?|dashboards?|trends?|spik\w+|utili[sz]ation|saturation|error rate|error budget|slos?|graph|plot|chart|throttl\w+|headroom|bandwidth|response times?)\b/,
  ],
  [
    'observability',
    1,
    /\b(?:usage|unusual|abnormal|odd|weird|peaks?|average|compare\w*|per (?:second|minute|hour|day|pod|node)|over (?:time|the (?:day|week|night|month))|log (?:lines?|patterns?|messages?|volume)|grow(?:s|ing)?|growth|climb\w*|alerts?|top|busy|busiest|hogs?|burning|leaking|heap|load|traffic)\b/,
  ],
  [
    'observability',
    2,
    /\b(?:went up|goes up|got (?:worse|slower)|getting (?:worse|slower)|slow(?:er|est)? (?:requests?|quer\w+|calls?|service)|how (?:slow|fast|busy|full|loaded|many requests))\b/,
  ],
  [
    'observability',
    2,
    /\b(?:when|will|how long|until|gonna|going to|about to|do|does)\b.*\b(?:full|fill(?:s|ed)?(?: up)?|run(?:s|ning)? out|exhausted|hit the limit)\b/,
  ],
  [
    'documentation',
    3,
    /\b(?:runbooks?|wiki|docs?|documentation|document(?:ed)?|post-?mortems?|best practices?|glossary|guide|tutorial|manual|conventions?|handbook|howtos?)\b/,
  ],
  [
    'documentation',
    3,
    /\b(?:(?:seen|had|happen(?:ed)?) (?:this |that |it |one )*(?:before|already)|last time|back then|similar incidents?|past (?:incidents?|outages?)|(?:incident|outage) report|lessons?|learned|write (?:up|the (?:report|incident)))\b/,
  ],
  [
    'documentation',
    3,
    /^(?:(?:so|and|ok|hey),? )?(?:how ?to\b|how (?:do|does|can|should|are|am) (?:i|we|you|one|people|it)\b|how to\b|explain (?:what|how|why|the|code|[a-z]+ (?:to me|vs))?|what(?:[’']?s| is| are) (?:an?|the difference|the use|the point|meant)\b|what(?:[’']?s| does) .* mean|meaning of|recommended|steps|when (?:should|do|to)\b|difference\b|\w+ (?:vs|versus) \w+)/,
  ],
  [
    'resolver',
    3,
    /^(?:please |now |then |just |ok(?:ay)?,? |yes,? |can you |could you |lets |let[’']s )*(?:fix|repair|resolve|remedy|remediate|undo|revert|roll ?(?:it |that )?back|apply|approve|reject|restart|scale|cordon|uncordon|drain|increase|raise|lower|correct|patch|put|carry out|execute|go (?:ahead|with|on)|continue|heal|unpause|resume|hold|pause|take (?:it|that|back|plan|the)|bump|bounce|kick|kill|redeploy|recreate|do (?:it|that|this|them)|set|give)\b/,
  ],
  [
    'resolver',
    3,
    /^(?:yes|yep|yeah|ok(?:ay)?|go|no|nope|stop|wait)\b[^?]*$|\b(?:don[’']?t (?:do|touch|change)|hands off|no (?:more )?changes|wait with)\b/,
  ],
  ['resolver', 2, /\b(?:plans?|repairs?|undo|autonomy|automatically|by yourself|yourself|<plan>)\b/],
  [
    'troubleshooting',
    2,
    /\b(?:crash\w*|oom(?:killed|s)?|pending|not ready|notready|stuck|evicted|unreachable|refused|timed? ?outs?|down|broken?|wrong|fails?|failing|failed|hangs?|unhealthy|errimagepull|imagepull\w*|diagnose|terminating|50[0-4]s?|5xx|exit code|endpoints?|dying|die[sd]?|dead|toast|hosed|bork\w*|flak\w+|flap\w*|bail\w*|fell over|acting up|unschedulable|unbound|(?:pull|mount|schedul\w+|probe) (?:error|fail\w*)|restarting|restarts (?:every|all|again|over))\b/,
  ],
  ['troubleshooting', 2, /\bwhat(?:[’']?s| is| has)? (?:going on|up with|wrong|broken|happened|happening)\b/],
  [
    'troubleshooting',
    1,
    /\b(?:why|cannot|can[’']?t|does not|doesn[’']?t|does nothing|will not|won[’']?t|never|any ?more|no longer|error|errors|not (?:work|start|resolve|schedule|mount|come up)\w*)\b/,
  ],
];

/** What clusters are made of, and what happens in them: without any of these words, and without a name, a question is about something else. */
const TRADE =
  /\b(?:clusters?|kubernetes|k8s|namespaces?|pods?|containers?|nodes?|deploy(?:ments?|s|ed)?|services?|ingress(?:es)?|workloads?|replicas?|jobs?|cron ?jobs?|volumes?|claims?|probes?|rollouts?|releases?|incidents?|outages?|errors?|problems?|logs?|memory|cpu|disk|traffic|requests?|plans?|agents?|api ?server|schedul\w+|oom\w*|quota|configmaps?|secrets?|production|staging|happening|happened|unwell|ill|ok|okay|healthy|well)\b/;

/** Whether a question asks how something is, be it of one thing that it names, and has no sign of anything else. */
export const asksHowItIs = (request: string): boolean =>
  saysHowItIs(request) && [...signsIn(request).keys()].every((agent) => agent === 'troubleshooting');

/** Whether a question that names nothing can be about a cluster. */
export const isOfTheTrade = (request: string): boolean =>
  TRADE.test(request.toLowerCase()) || asksHowItIs(request) || (signsIn(request).get('troubleshooting') ?? 0) >= 2;

/** They say when and how much, of anything. */
const ANY_TIME =
  /^(?:(?:to)?day|yesterday|tonight|night|morning|hours?|minutes?|seconds?|days?|weeks?|months?|last|latest|past|recent\w*|now|most|more|many|much|long|often|times?|first|again|same|all|any|kind|cause|reason)$/;

/** Whether it speaks of something that no cluster is made of: an account, a weighbridge, a certificate of a person. */
export const saysMoreThanTrade = (request: string): boolean =>
  (request.match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu) ?? []).some(
    (word) => !ANY_TIME.test(word.toLowerCase()) && !saysNothing(word) && !isOfTheTrade(word) && signsIn(word).size === 0,
  );

/** Whose things have names of their own: that one of these does not work is a question for who knows them. */
const OF_THEIR_OWN = ['certificate', 'backup', 'registry'] as const;

/** How much the signs in a request speak for each agent; nothing for those of which there is no sign. */
export function signsIn(request: string): ReadonlyMap<string, number> {
  const text = request.toLowerCase();
  const found = new Map<string, number>();
  for (const [agent, weight, sign] of SIGNS) if (sign.test(text)) found.set(agent, (found.get(agent) ?? 0) + weight);
  const fault = found.get('troubleshooting');
  if (fault !== undefined && OF_THEIR_OWN.some((agent) => (found.get(agent) ?? 0) >= 3)) found.set('troubleshooting', Math.min(fault, 1));
  return found;
}
