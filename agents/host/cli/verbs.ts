import { EXPLAIN_VERB } from './explain-verb.ts';
import { ASK_VERB } from './ask-verb.ts';
import { KNOWLEDGE_VERB } from './knowledge-verb.ts';
import { MODELS_VERB } from './models-verb.ts';
import { RUNBOOKS_VERB } from './runbooks-verb.ts';
import { METRICS_VERB } from './metrics-verb.ts';
import type { Verb } from './verb.ts';

/** One row a verb; its file is loaded when it is used, so that none pays for the others. */
export const VERBS: readonly Verb[] = [
  {
    name: 'contexts',
    summary: 'What is configured, from which file; mark, use, add and remove contexts',
    args: '[action] [name]',
    flags: [
      ['--probe', 'ask each cluster whether it is there'],
      ['--protected', 'mark: approving a plan asks for the name of the context'],
      ['--no-protected', 'mark: no longer; asks for --type-context'],
      ['--read-only', 'mark: nothing is changed in its cluster from here'],
      ['--no-read-only', 'mark: no longer; asks for --type-context'],
      ['--color <color>', 'mark: red, orange, yellow, green, teal, blue, purple, gray, or none'],
      ['--group <name>', 'mark: the group it is shown in'],
      ['--no-group', 'mark: no group'],
      ['--alias <name>', 'mark: a short name, accepted wherever a context is named'],
      ['--no-alias', 'mark: no alias'],
      ['--type-context <name>', 'the name of the context, typed to take a guard away'],
    ],
    examples: [
      'quarterdeck contexts',
      'quarterdeck contexts --probe -o json',
      'quarterdeck contexts mark prod-eu --protected --color red --group payments --alias p',
      'quarterdeck contexts mark prod-eu --read-only',
      'quarterdeck contexts mark prod-eu --no-read-only --type-context prod-eu',
      'quarterdeck contexts use staging',
      'quarterdeck contexts add ~/clusters',
      'quarterdeck contexts remove ~/clusters',
    ],
    more:
      'Actions: list (the default), mark NAME, use NAME, add PATH, remove PATH. Nothing is connected unless --probe is given.\n' +
      'use writes current-context into the file the context came from; nothing else is ever written into a kubeconfig.\n' +
      'add reads one more kubeconfig, or a folder of them, from now on; marks and added paths are kept in contexts.yaml of the\n' +
      'data directory, which is yours to edit.',
    load: () => import('./contexts.ts'),
  },
  {
    name: 'diagnose',
    summary: 'Find incidents and their causes, with a plan for each that has one',
    args: '[resource]',
    flags: [
      ['-f, --file <path...>', 'look at files instead of a cluster: manifests, dumps, support bundles, folders; - reads stdin'],
      ['--all', 'also remarks about what could be tidied: nothing is wrong there'],
      ['--fail-on <severity>', 'exit 1 when an incident is at least this bad: info, low, medium, high, critical'],
    ],
    examples: [
      'quarterdeck diagnose',
      'quarterdeck diagnose deployment/checkout -n shop',
      'quarterdeck diagnose -f dump.yaml',
      'quarterdeck diagnose deploy/checkout -f support-bundle.tar.gz manifests/',
      'kubectl get pods,deploy,rs,svc,cm,events -A -o yaml | quarterdeck diagnose -f -',
      'quarterdeck diagnose --context prod --context staging -o json',
      'quarterdeck diagnose --fail-on high',
    ],
    more:
      'With -o json one context gives one object; several give {"diagnoses":[…]}, in the order of the flags.\n' +
      'KIND is taken as kubectl takes it (po, deploy, deployments); NAME may be the beginning of the name of a pod. What follows -f are\n' +
      'paths: name the object before it. Of files nothing is asked of any cluster and no kubeconfig is needed; what they do not hold is\n' +
      'listed as not read, and what is absent from them is called missing only where they list a whole cluster or namespace.',
    load: () => import('./diagnose.ts'),
  },
  ASK_VERB,
  {
    name: 'fix',
    applies: true,
    summary: 'Propose plans; --yes approves them as you, carries them out and verifies',
    flags: [
      ['--incident <id>', 'only this incident'],
      ['--yes', 'approve the best plan of each incident'],
      ['--max-risk <risk>', 'approve up to this risk: low, medium, high, destructive', 'medium'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ],
    examples: ['quarterdeck fix', 'quarterdeck fix --yes -n shop', 'quarterdeck fix --incident inc-4f2k9d0a1b --yes --max-risk high'],
    more: 'Without --yes it shows each plan and asks; where nobody can be asked it only proposes. Exits 4 when a plan was not applied.',
    load: () => import('./fix.ts'),
  },
  {
    name: 'plans',
    summary: 'List plans, those that wait for approval first',
    args: '[plan]',
    flags: [
      ['--waiting', 'only those that wait for approval'],
      ['--patch-file', 'of one plan: the same change for the source its objects come from (Flux, Argo CD, Helm, kustomize)'],
    ],
    examples: ['quarterdeck plans', 'quarterdeck plans plan-7f3k2m9q0d', 'quarterdeck plans plan-7f3k2m9q0d --patch-file > patch.yaml'],
    load: () => import('./plans.ts'),
  },
  {
    name: 'approve',
    applies: true,
    summary: 'Approve a plan as it was shown, carry it out and verify it',
    args: '<plan>',
    flags: [
      ['--hash <hash>', 'refuse unless the plan still has this hash'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
      ['--no-wait', 'return when it has begun'],
    ],
    examples: ['quarterdeck approve plan-7f3k2m9q0d', 'quarterdeck approve plan-7f3k2m9q0d --hash 9c0f…'],
    load: () => import('./approve.ts'),
  },
  {
    name: 'reject',
    summary: 'Reject a plan',
    args: '<plan>',
    flags: [['--reason <text>', 'why, for the log']],
    examples: ['quarterdeck reject plan-7f3k2m9q0d --reason "wait for the release"'],
    load: () => import('./reject.ts'),
  },
  {
    name: 'undo',
    applies: true,
    summary: 'Take back a plan that was carried out',
    args: '<plan>',
    flags: [
      ['--yes', 'approve the undo at once'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
      ['--compare', 'only show what it changed: before, as the plan left it, and now'],
      ['--untouched', 'take back only what nobody has touched since'],
    ],
    examples: [
      'quarterdeck undo plan-7f3k2m9q0d --yes',
      'quarterdeck undo plan-7f3k2m9q0d --compare',
      'quarterdeck undo plan-7f3k2m9q0d --untouched',
    ],
    load: () => import('./undo.ts'),
  },
  {
    name: 'incidents',
    summary: 'List incidents that are known, or those that were like one of them',
    flags: [
      ['--state <state>', 'open, dismissed, resolved or all', 'open'],
      ['--similar <incident>', 'incidents that are over and were like this one, and what helped then'],
    ],
    examples: [
      'quarterdeck incidents',
      'quarterdeck incidents --state dismissed',
      'quarterdeck incidents --similar inc-4f2k9d0a1b',
      'quarterdeck incidents --state all -o json',
    ],
    load: () => import('./incidents.ts'),
  },
  {
    name: 'report',
    summary: 'What happened in an incident: timeline, cause, evidence, decision, change, result',
    args: '[incident]',
    flags: [],
    examples: ['quarterdeck report', 'quarterdeck report inc-4f2k9d0a1b > incident.md', 'quarterdeck report inc-4f2k9d0a1b -o json'],
    more:
      'Prints Markdown; the numbers at the end of each line are the entries of the log it rests on (quarterdeck events). Once an incident is\n' +
      'over its report is also kept in the folder reports of the data directory. Without an incident it lists those that are over.',
    load: () => import('./report.ts'),
  },
  RUNBOOKS_VERB,
  {
    name: 'dismiss',
    summary: 'Accept an incident with a reason: nothing is said or proposed until it changes',
    args: '<incident>',
    flags: [
      ['--reason <text>', 'why, for the list and the log'],
      ['--scope <scope>', 'incident, object (all it causes), or code (this fault in the namespace)', 'incident'],
      ['--until <end>', 'a span (12h, 7d, 4w) or a time; without it until something about it changes'],
      ['--take-back', 'hear of it again'],
    ],
    examples: [
      'quarterdeck dismiss inc-4f2k9d0a1b --reason "waits for the new nodes" --until 7d',
      'quarterdeck dismiss inc-4f2k9d0a1b --reason "a sandbox" --scope object',
      'quarterdeck dismiss inc-4f2k9d0a1b --take-back',
    ],
    more:
      'An accepted incident comes back when it gets worse, has another cause, a new symptom, or affects something new, and when its time\n' +
      'is over. quarterdeck incidents --state dismissed lists what is accepted.',
    load: () => import('./dismiss.ts'),
  },
  {
    name: 'maintenance',
    summary: 'Say where and when somebody works: what goes wrong there is kept, and told when it is over',
    args: '[action] [maintenance]',
    flags: [
      ['--object <kind/name>', 'only this object: a workload of the namespace given with -n, or a node'],
      ['--from <begin>', 'a time, or a span from now (2h); now, without it'],
      ['--until <end>', 'a time, or a span from its beginning (90m); without it until it is ended'],
      ['--every <when>', 'only in these hours, again and again: "sat,sun 02:00-04:00"'],
      ['--timezone <zone>', 'of these hours, like Europe/Berlin; UTC, without it'],
      ['--reason <text>', 'why, for the list and the log'],
    ],
    examples: [
      'quarterdeck maintenance',
      'quarterdeck maintenance add -n shop --until 2h --reason "new database"',
      'quarterdeck maintenance add --object Node/worker-3 --until 8h --reason "new disks"',
      'quarterdeck maintenance add --every "sat,sun 02:00-04:00" --timezone Europe/Berlin --reason "backups"',
      'quarterdeck maintenance end mnt-4f2k9d0a1b',
    ],
    more:
      'Actions: list (the default), add, end ID. Without -n the whole cluster is meant. While it runs, incidents that have their cause there\n' +
      'are found, kept and marked, wake nobody, and nothing is proposed for them unasked or done without asking. When it is over, what is\n' +
      'still wrong is told.',
    load: () => import('./maintenance.ts'),
  },
  {
    name: 'autonomy',
    summary: 'The rules that say what may be done without asking',
    args: '[action] [file-or-plan]',
    flags: [],
    examples: [
      'quarterdeck autonomy',
      'quarterdeck autonomy check rules.yaml',
      'quarterdeck autonomy set rules.yaml',
      'quarterdeck autonomy explain plan-4f2k9d0a1b',
      'quarterdeck autonomy history -o json',
      'quarterdeck autonomy clear',
    ],
    more:
      'Actions: show (the default), check FILE, set FILE, clear, explain PLAN, history; - reads stdin. Without rules a person is asked for\n' +
      'everything. For each object of a plan the first rule that matches counts, of several objects the strictest answer:\n\n' +
      '  version: 1\n' +
      '  rules:\n' +
      '    - id: nothing-on-fridays\n' +
      '      match: { groups: [payments], window: { days: [fri], from: "12:00", to: "00:00", timezone: Europe/Berlin } }\n' +
      '      give: observe            # shown, and cannot be approved\n' +
      '    - id: payments-two\n' +
      '      match: { groups: [payments] }\n' +
      '      give: ask\n' +
      '      people: 2                # two different people\n' +
      '    - id: staging-small\n' +
      '      match: { contexts: ["staging-*"], actions: [patch, scale], maxRisk: low }\n' +
      '      give: auto\n' +
      '  budgets: { perClusterPerHour: 6, perWorkloadPerHour: 2 }\n' +
      '  mostObjects: 2\n' +
      '  quietHours: [{ from: "22:00", to: "06:00", timezone: Europe/Berlin }]\n\n' +
      'Never automatic, whatever is written: protected and read-only contexts, deletions, what nothing can take back, undo plans, the\n' +
      'namespaces of the cluster itself, and kinds beyond workloads, Services, Ingresses and autoscalers. The rules are autonomy.yaml of\n' +
      'the data directory, yours to edit; while they cannot be understood nothing is approved.',
    load: () => import('./autonomy.ts'),
  },
  {
    name: 'hold',
    applies: true,
    summary: 'Hold all agents at once: nothing more is proposed, approved or changed',
    args: '[status]',
    flags: [['--reason <text>', 'why, for the log and for whoever finds them held']],
    examples: ['quarterdeck hold --reason "we are changing the network"', 'quarterdeck hold status'],
    more:
      'An action under way is finished; a plan that is on its way stops before its next request and is left for a person to look at,\n' +
      'without being taken back. The agents go on watching. It lasts over restarts: the file hold.json in the data directory is the hold.',
    load: () => import('./hold.ts'),
  },
  {
    name: 'release',
    summary: 'Let all agents go on after a hold',
    flags: [],
    examples: ['quarterdeck release'],
    more: 'Plans are proposed again as they fit by now; what was stopped on its way is not continued.',
    load: () => import('./release.ts'),
  },
  {
    name: 'tokens',
    summary: 'Tokens for programs and other people to call the API with',
    args: '[action] [name]',
    flags: [
      ['--scope <scope>', 'create: read, propose, decide or admin, each with what stands before it', 'read'],
      ['--expires <end>', 'create: a span (12h, 30d), a time, or never', '30d'],
    ],
    examples: ['quarterdeck tokens', 'quarterdeck tokens create grafana --scope read --expires 90d', 'quarterdeck tokens revoke grafana'],
    more:
      'Actions: list (the default), create NAME, revoke NAME. The value is shown once and kept as a hash. What is decided with a token is\n' +
      'recorded under its name. read sees what is known; propose has clusters looked at, makes plans, and may hold all agents; decide\n' +
      'approves and rejects; admin changes settings, rules and tokens, and opens shells and tunnels.',
    load: () => import('./tokens.ts'),
  },
  {
    name: 'events',
    summary: 'The event log: what was seen, proposed, decided and done',
    flags: [
      ['--follow', 'go on as it grows'],
      ['--since <n>', 'only entries after this number', '0'],
    ],
    examples: ['quarterdeck events', 'quarterdeck events --follow -o json', 'quarterdeck events --since 120'],
    load: () => import('./events.ts'),
  },
  {
    name: 'audit',
    summary: 'Check that the event log is what was written, export it, or let its beginning go',
    args: '<action> [file]',
    flags: [
      ['--since <n>', 'export: only entries after this number'],
      ['--until <n>', 'export: only entries up to this number'],
      ['--format <format>', 'export: jsonl (the entries as they are) or cloudevents', 'jsonl'],
      ['--out <file>', 'export: into a new file instead of stdout'],
      ['--keep <span>', 'prune: what is older goes (90d, 12w)'],
    ],
    examples: [
      'quarterdeck audit verify',
      'quarterdeck audit export --out audit-2026-11.jsonl',
      'quarterdeck audit export --format cloudevents --context prod-eu --since 1200',
      'quarterdeck audit verify audit-2026-11.jsonl',
      'quarterdeck audit prune --keep 90d',
    ],
    more:
      'Actions: verify [FILE], export, prune. Each entry holds the hash of the one before it; marks signed with a key of this data directory\n' +
      'say, outside the database, where the log ended. verify names the first entry that is changed, missing, or another than was signed,\n' +
      'and exits 1. An exported file is checked by itself: its entries must be as they were and follow each other. The key and the marks are\n' +
      'in the folder audit of the data directory: keep a copy of it elsewhere, for whoever can write there and to the log can remove both.',
    load: () => import('./audit.ts'),
  },
  {
    name: 'get',
    summary: 'Objects of any kind a cluster serves, in its own columns; one whole object with -o yaml or json',
    args: '<kind> [name]',
    flags: [['-l, --selector <labels>', 'only objects with these labels']],
    examples: [
      'quarterdeck get pods -n shop',
      'quarterdeck get widgets.example.com -A --context east --context west',
      'quarterdeck get deploy checkout -n shop -o yaml',
    ],
    more: 'Without -n all namespaces are read. With several contexts each line names its own. Values of Secrets are masked.',
    load: () => import('./get.ts'),
  },
  {
    name: 'logs',
    summary: 'Logs of many containers, merged by time; and what was learned of them: patterns, what is new since a rollout',
    args: '[targets...]',
    flags: [
      ['-f, --follow', 'go on as they grow; pods that come are joined'],
      ['-l, --selector <labels>', 'pods with these labels'],
      ['-c, --container <pattern>', 'containers whose names match this regular expression'],
      ['--since <when>', 'only since then: 90s, 10m, 2h, or a time'],
      ['--tail <n>', 'the last so many lines of each container'],
      ['--previous', 'of the run before the last restart'],
      ['--timestamps', 'with the time of each line'],
      ['--verbatim', 'also what looks like a credential, which is masked otherwise'],
      ['--match <words>', 'only lines with all of these words, upper and lower case alike'],
      ['--search <words>', 'patterns: only those with all of these words'],
      ['--level <level>', 'patterns: error, warning or other'],
      ['--news', 'patterns: only what is new, more, or a burst'],
      ['--limit <n>', 'patterns: at most so many', '50'],
      ['--export <file>', 'patterns: into a file, .csv or .json'],
    ],
    examples: [
      'quarterdeck logs deploy/checkout -n shop -f',
      'quarterdeck logs -l app=web --since 10m',
      'quarterdeck logs checkout-7d9f --previous',
      'quarterdeck logs deploy/checkout --match "timeout upstream"',
      'quarterdeck logs patterns deploy/checkout -n shop',
      'quarterdeck logs patterns --news -o json',
      'quarterdeck logs patterns --level error --export errors.csv',
      'quarterdeck logs watching',
      'quarterdeck logs watch deploy/checkout -n shop',
    ],
    more:
      'TARGETS are pods or KIND/NAME of what selects pods. With -o json each line is an object.\n' +
      'patterns [KIND/NAME] tells what is logged again and again, over all replicas: how often, since which revision, and what is news: an\n' +
      'error that no earlier revision logged, one that comes much more often since the rollout, a burst. Learned while the app runs and a\n' +
      'cluster is connected, from workloads that were chosen (watch, unwatch), have an incident, were rolled out or restarted lately, and in\n' +
      'small clusters from all; watching says from whom. Credentials are masked. forget forgets all of it. A pod that is called as one of\n' +
      'these words is named pod/NAME.',
    load: () => import('./logs.ts'),
  },
  {
    name: 'exec',
    summary: 'Run a command in a container',
    args: '<target> <command...>',
    flags: [
      ['-c, --container <name>', 'container; the first one by default'],
      ['-i, --stdin', 'pass the input on'],
      ['-t, --tty', 'with a terminal'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ],
    examples: ['quarterdeck exec checkout-7d9f -n shop -it -- sh', 'quarterdeck exec deploy/checkout -n shop -- cat /etc/app/config.yaml'],
    more: 'TARGET is a pod, or KIND/NAME of what selects pods. Exits as the command does. Who ran what is recorded; what was typed and printed is not.',
    load: () => import('./exec.ts'),
  },
  {
    name: 'port-forward',
    summary: 'Forward a port of this machine to a pod, a Service or a workload',
    args: '<target> <ports...>',
    flags: [['--type-context <name>', 'the name of a protected context, typed to confirm']],
    examples: ['quarterdeck port-forward svc/web 8080:80 -n shop', 'quarterdeck port-forward deploy/checkout http'],
    more: 'Listens on 127.0.0.1 only. A pod that is replaced is followed by the next connection.',
    load: () => import('./port-forward.ts'),
  },
  {
    name: 'helm',
    summary: 'Helm releases, from the Secrets in which Helm keeps them',
    args: '<action> [release]',
    flags: [],
    examples: [
      'quarterdeck helm list',
      'quarterdeck helm list --context east --context west -o json',
      'quarterdeck helm history web -n shop',
    ],
    more: 'Actions: list, history RELEASE. With -o json, history also has the objects, the notes and the names of the values that were given;\nwhat these values are never leaves the part that reads clusters.',
    load: () => import('./helm.ts'),
  },
  {
    name: 'who-can',
    summary: 'Who may do something, by the Roles and bindings of a cluster',
    args: '<verb> <resource> [name]',
    flags: [],
    examples: [
      'quarterdeck who-can get secrets -n shop',
      'quarterdeck who-can create pods/exec -n shop -o json',
      'quarterdeck who-can delete nodes',
    ],
    more: 'With -A: who may in the whole cluster. The group system:masters may do everything, whatever the Roles say; other authorizers may give more.',
    load: () => import('./who-can.ts'),
  },
  {
    name: 'can-i',
    summary: 'Whether you may do something, as the cluster answers',
    args: '[verb] [resource] [name]',
    flags: [['--list', 'everything you may do in the namespace']],
    examples: [
      'quarterdeck can-i create pods -n shop',
      'quarterdeck can-i get pods/log checkout-7d9f -n shop',
      'quarterdeck can-i --list -n shop',
    ],
    more: 'Exits 0 for yes and 1 for no.',
    load: () => import('./can-i.ts'),
  },
  {
    name: 'changes',
    summary: 'What changed in a cluster: who, when, which fields',
    args: '[resource]',
    flags: [
      ['--since <when>', 'only since then: 30m, 2h, 7d, or a time'],
      ['--limit <n>', 'at most so many', '50'],
    ],
    examples: [
      'quarterdeck changes --since 2h',
      'quarterdeck changes deployment/checkout -n shop -o wide',
      'quarterdeck changes --context prod -o json',
    ],
    more: 'Recorded while the app watches; of what was before, the cluster itself remembers who wrote last. Secret values are never recorded.',
    load: () => import('./changes.ts'),
  },
  {
    name: 'analyze',
    summary: 'Anomalies and forecasts of an exported series, templates of a log',
    args: '<what> <file>',
    flags: [
      ['--limit <n>', 'forecast: the value that must not be reached'],
      ['--horizon <length>', 'forecast: how far to look: 30m, 2h, 1d', '2h'],
    ],
    examples: [
      'quarterdeck analyze anomalies cpu.csv',
      'cat cpu.csv | quarterdeck analyze anomalies -',
      'quarterdeck analyze forecast memory.csv --limit 536870912 --horizon 2h',
      'quarterdeck analyze logs checkout.log',
    ],
    more:
      'anomalies reads rows of timestamp,value (ISO 8601 or epoch in s or ms; a heading may name the columns; commas, semicolons, tabs or spaces),\n' +
      'values alone (a minute apart), lines of JSON, or a JSON document as Prometheus and others answer, and prints a JSON line a point, as it\n' +
      'comes: {at, value, low, high, score, trait}. low to high is where the value was expected; a score of 0.5 deserves an alert. Rows that\n' +
      'cannot be read are said on stderr with their line, and left out. forecast reads the same and prints one object {exhaustsAt, earliest,\n' +
      'latest, confidence, because}; exhaustsAt is null where the limit is not reached within the horizon. logs prints {template} for each line, then each template\n' +
      'as {id, text, count}; lines of a stack trace belong to the line before them. No cluster and no running app is needed.',
    load: () => import('./analyze.ts'),
  },
  {
    name: 'agents',
    summary: 'List the agents and how they are',
    flags: [],
    examples: ['quarterdeck agents'],
    load: () => import('./agents.ts'),
  },
  {
    name: 'doctor',
    summary: 'Check what Quarterdeck needs on this machine',
    flags: [],
    examples: ['quarterdeck doctor'],
    load: () => import('./doctor.ts'),
  },
  KNOWLEDGE_VERB,
  MODELS_VERB,
  EXPLAIN_VERB,
  METRICS_VERB,
  {
    name: 'serve',
    summary: 'Run the app with its web page and API on a loopback port',
    flags: [
      ['--port <n>', 'port; a free one by default', '0'],
      ['--host <address>', 'address to listen on', '127.0.0.1'],
      ['--token-file <path>', 'where the token is written'],
      ['--open', 'show the page in the browser'],
      ['--log-format <format>', 'on stderr: text, or json (an object a line, as in logs/quarterdeck.jsonl of the data directory)', 'text'],
    ],
    examples: ['quarterdeck serve', 'quarterdeck serve --port 8800 --demo', 'quarterdeck serve --log-format json 2> quarterdeck.log'],
    load: () => import('./serve.ts'),
  },
];
