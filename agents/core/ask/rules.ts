/** Words that leave little doubt whom a request is for, as people who run clusters use them. The agent, how strong a sign it is, and the sign. */
const SIGNS: readonly (readonly [agent: string, weight: number, sign: RegExp])[] = [
  [
    'certificate',
    3,
    /\b(?:tls|x509|cert-?manager|certificates?|certs?|acme|letsencrypt|let[’']?s encrypt|csrs?|cipher|issuers?|wildcard cert)\b/,
  ],
  ['certificate', 1, /\b(?:expir\w+|renew\w*|chain|self-signed|root ca|ca bundle|handshake|private key|intermediate)\b/],
  ['backup', 3, /\b(?:back-?ups?|backed up|back up|velero|snapshots?|restores?|restored|restoring|disaster|rpo|rto)\b/],
  ['backup', 1, /\b(?:recover\w*|copies|copy of|retention|bring back|point in time)\b/],
  [
    'registry',
    3,
    /\b(?:registry|registries|digests?|tags?|image layers?|base images?|docker hub|quay|harbor|ghcr|sbom|cosign|repositories)\b/,
  ],
  ['registry', 1, /\b(?:repository|images?|layers?|arm64|amd64|signed|version)\b/],
  [
    'security',
    3,
    /\b(?:rbac|privileged?|escalat\w+|cves?|vulnerab\w+|cis|compliance|hardened?|harden|attack\w*|exploit\w*|cluster-?admin|audit|leaked)\b/,
  ],
  ['security', 2, /\bwho (?:can|may|has|is allowed|changed|deleted|created)\b/],
  [
    'security',
    1,
    /\b(?:permissions?|permitted|allowed|secure|security|secrets?|passwords?|credentials?|roles?|access|tokens?|root|exposed|keys)\b/,
  ],
  [
    'observability',
    3,
    /\b(?:metrics?|latency|p9\d|throughput|forecast\w*|predict\w*|anomal\w+|dashboards?|trends?|spikes?|utili[sz]ation|saturation|error rate|error budget|slos?|graph|plot|chart|throttl\w+)\b/,
  ],
  [
    'observability',
    1,
    /\b(?:usage|unusual|abnormal|peak|average|compare\w*|per second|over time|log (?:lines?|patterns?|messages?)|grows?|growth|alerts?|top)\b/,
  ],
  ['observability', 2, /\bwhen (?:will|do we|does) .*\b(?:full|run out|exhausted)\b/],
  [
    'documentation',
    3,
    /\b(?:runbooks?|wiki|docs?|documentation|documented|postmortems?|best practices?|glossary|guide|tutorial|manual|conventions?)\b/,
  ],
  [
    'documentation',
    3,
    /\b(?:(?:seen|had|happen(?:ed)?) (?:this |it )?before|last time|similar incidents?|past incidents?|incident report|lessons?|learned)\b/,
  ],
  [
    'documentation',
    2,
    /^(?:how (?:do|does|can|should|to)|explain (?:what|how|why|the|code)?|what (?:is|are) (?:a|an|the difference|meant)|what does .* mean|meaning of|recommended|steps|when should)\b/,
  ],
  [
    'resolver',
    3,
    /^(?:please |now |then |can you |could you )?(?:fix|repair|resolve|remedy|remediate|undo|revert|roll ?back|apply|approve|reject|restart|scale|cordon|uncordon|drain|increase|raise|lower|correct|patch|put|carry out|execute|go ahead|continue|heal|unpause|resume|hold|pause|take back)\b/,
  ],
  ['resolver', 2, /\b(?:plans?|repairs?|undo|autonomy|automatically|by yourself|<plan>)\b/],
  [
    'troubleshooting',
    2,
    /\b(?:crash\w*|crashloopbackoff|oomkilled|pending|not ready|notready|stuck|evicted|unreachable|refused|timed? ?outs?|down|broken|wrong|fails?|failing|failed|hangs?|unhealthy|errimagepull|imagepullbackoff|diagnose|terminating|50[0-4]|exit code|endpoints?)\b/,
  ],
  ['troubleshooting', 1, /\b(?:why|cannot|can[’']?t|does not|doesn[’']?t|will not|won[’']?t|never|any more|no longer)\b/],
];

/** What clusters are made of, and what happens in them: without any of these words, and without a name, a question is about something else. */
const TRADE =
  /\b(?:clusters?|kubernetes|k8s|namespaces?|pods?|containers?|nodes?|deploy(?:ments?|s|ed)?|services?|ingress(?:es)?|workloads?|replicas?|jobs?|cron ?jobs?|volumes?|claims?|probes?|rollouts?|releases?|incidents?|outages?|errors?|problems?|logs?|memory|cpu|disk|traffic|requests?|plans?|agents?|api ?server|scheduler|quota|configmaps?|secrets?|production|staging|happening|happened|unwell|ill|ok|okay|healthy|well)\b/;

/** Whether a question that names nothing can be about a cluster. */
export const isOfTheTrade = (request: string): boolean =>
  TRADE.test(request.toLowerCase()) || (signsIn(request).get('troubleshooting') ?? 0) >= 2;

/** How much the signs in a request speak for each agent; nothing for those of which there is no sign. */
export function signsIn(request: string): ReadonlyMap<string, number> {
  const text = request.toLowerCase();
  const found = new Map<string, number>();
  for (const [agent, weight, sign] of SIGNS) if (sign.test(text)) found.set(agent, (found.get(agent) ?? 0) + weight);
  return found;
}
