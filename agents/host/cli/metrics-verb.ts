import type { Verb } from './verb.ts';

export const METRICS_VERB: Verb = {
  name: 'metrics',
  summary: 'Metrics that are kept of clusters: ask them in PromQL, see what is unusual, what runs out, and where they come from',
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
    'quarterdeck metrics keep --days 3 --megabytes 200',
    'quarterdeck metrics forget --context old-cluster',
  ],
  more:
    'Read while the app runs and a cluster is connected (quarterdeck serve, or the window), from metrics.k8s.io, the kubelets, a Prometheus\n' +
    'in the cluster, and what workloads expose; kept in series.db of the data directory. docs/promql.md says which part of PromQL is\n' +
    'answered and what the series are called. With -o json a query gives {"type","series":[{"labels","at":[ms],"values":[…]}],"warnings"}.',
  load: () => import('./metrics.ts'),
};
