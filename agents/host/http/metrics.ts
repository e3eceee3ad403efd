import { SEVERITIES } from '../../contract/index.ts';
import type { App } from '../app.ts';

/** The Prometheus text format (0.0.4). Names follow its conventions: base units, `_total` for counters. */
export async function metricsText({ client, reading }: Pick<App, 'client' | 'reading'>): Promise<string> {
  const [info, { incidents }, { plans }, { agents }, read] = await Promise.all([
    client.app.info({}),
    client.incidents.list({}),
    client.plans.list({}),
    client.agents.list({}),
    reading(),
  ]);
  const label = (name: string, values: Record<string, string>, value: number) =>
    `${name}{${Object.entries(values)
      .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
      .join(',')}} ${value}`;
  type Count = 'objects' | 'lists' | 'watches' | 'events';
  const perCluster = (name: string, type: string, help: string, count: Count) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...read.clusters.map((c) => label(name, { context: c.context }, c[count])),
  ];
  const lines = [
    '# HELP quarterdeck_info The version that runs.',
    '# TYPE quarterdeck_info gauge',
    label('quarterdeck_info', { version: info.version }, 1),
    '# HELP quarterdeck_events_total Entries of the event log.',
    '# TYPE quarterdeck_events_total counter',
    `quarterdeck_events_total ${info.lastEvent}`,
    '# HELP quarterdeck_incidents_open Open incidents by severity.',
    '# TYPE quarterdeck_incidents_open gauge',
    ...SEVERITIES.map((severity) =>
      label('quarterdeck_incidents_open', { severity }, incidents.filter((i) => i.severity === severity).length),
    ),
    '# HELP quarterdeck_plans_waiting Plans that wait for approval.',
    '# TYPE quarterdeck_plans_waiting gauge',
    `quarterdeck_plans_waiting ${plans.filter((p) => p.state === 'awaitingApproval').length}`,
    '# HELP quarterdeck_agent_running Whether an agent is at work (1) or paused, restarting or given up (0).',
    '# TYPE quarterdeck_agent_running gauge',
    ...agents.map((a) => label('quarterdeck_agent_running', { agent: a.id }, a.state === 'running' ? 1 : 0)),
    '# HELP quarterdeck_agent_restarts_total How often an agent was started anew.',
    '# TYPE quarterdeck_agent_restarts_total counter',
    ...agents.map((a) => label('quarterdeck_agent_restarts_total', { agent: a.id }, a.restarts)),
    '# HELP quarterdeck_reading_heap_bytes Memory in use by the thread that reads the clusters.',
    '# TYPE quarterdeck_reading_heap_bytes gauge',
    `quarterdeck_reading_heap_bytes ${read.heapBytes}`,
    '# HELP quarterdeck_reading_longest_block_seconds The longest time that thread was kept from other work since it was asked last.',
    '# TYPE quarterdeck_reading_longest_block_seconds gauge',
    `quarterdeck_reading_longest_block_seconds ${read.longestBlockMs / 1000}`,
    '# HELP quarterdeck_connecting Connections to clusters in the making.',
    '# TYPE quarterdeck_connecting gauge',
    `quarterdeck_connecting ${read.connecting.trying}`,
    ...perCluster('quarterdeck_cluster_objects', 'gauge', 'Objects known of a cluster.', 'objects'),
    ...perCluster('quarterdeck_cluster_lists_total', 'counter', 'Kinds read as a whole.', 'lists'),
    ...perCluster('quarterdeck_cluster_watches_total', 'counter', 'Watches begun.', 'watches'),
    ...perCluster('quarterdeck_cluster_changes_total', 'counter', 'Changes heard.', 'events'),
    '# HELP process_resident_memory_bytes Resident memory.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# HELP process_cpu_seconds_total Processor time.',
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${(process.cpuUsage().user + process.cpuUsage().system) / 1e6}`,
  ];
  return `${lines.join('\n')}\n`;
}
