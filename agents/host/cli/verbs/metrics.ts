import type { Verb } from '../verb.ts';

export const METRICS: Verb = {
  name: 'metrics',
  summary: 'Metrics that are kept of clusters: ask them in PromQL, see what is unusual, what runs out, what changed and what would fit',
  args: '<action> [what]',
  flags: [
    ['--start <when>', 'query: since then (30m, 2h, 7d, or a time), for a range of values'],
    ['--end <when>', 'query: until then; now by default'],
    ['--step <seconds>', 'query: seconds between values; about 250 values by default'],
    ['--at <when>', 'query: at that moment instead of now'],
    ['--limit <n>', 'query, series: at most so many series', '100'],
    ['--token-file <path>', 'use: the file that holds the bearer token'],
    ['--user <name>', 'use: the user, where it asks for a password'],
    ['--password-file <path>', 'use: the file that holds the password'],
    ['--every <seconds>', 'pace: how often a cluster is read, 2 to 300; without it as its size has it'],
    ['--out <file>', 'rules: write them there instead of printing them'],
    ['--days <n>', 'keep: so many days at most'],
    ['--megabytes <n>', 'keep: so much at most'],
  ],
  examples: [
    'quarterdeck metrics sources',
    'quarterdeck metrics signals',
    "quarterdeck metrics query 'topk(5, workload_memory_bytes)'",
    'quarterdeck metrics query \'rate(pod_network_receive_bytes_total{namespace="shop"}[5m])\' --start 2h --step 60 -o json',
    "quarterdeck metrics series 'volume_used_bytes'",
    'quarterdeck metrics use https://prometheus.example.com --token-file ~/prometheus.token',
    'quarterdeck metrics trends -n shop',
    'quarterdeck metrics sizing -n shop -o json',
    'quarterdeck metrics traffic Deployment/checkout -n shop',
    'quarterdeck metrics rules inc-3f2a9c41d0 --out checkout.rules.yaml',
    'quarterdeck metrics pace --every 5',
    'quarterdeck metrics keep --days 3 --megabytes 200',
    'quarterdeck metrics forget --context old-cluster',
  ],
  more:
    'Read while the app runs and a cluster is connected (quarterdeck serve, or the window), from metrics.k8s.io, the kubelets, a Prometheus\n' +
    'in the cluster, and what workloads expose; kept in series.db of the data directory. docs/promql.md says which part of PromQL is\n' +
    'answered and what the series are called. trends compares this week with the last, hour of the week by hour of the week; sizing says what\n' +
    'containers request, what they take and what would fit; traffic says when in the week a workload is busy; rules makes alert rules\n' +
    '(a PrometheusRule) from an incident for you to read and apply. With -o json a query gives {"type","series":[{"labels","at":[ms],"values":[…]}],"warnings"}.',
  load: () => import('../metrics.ts'),
};
