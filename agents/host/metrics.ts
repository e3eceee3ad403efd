import { SEVERITIES } from '../contract/index.ts';
import type { AppClient } from './app.ts';

/** The Prometheus text format (0.0.4). Names follow its conventions: base units, `_total` for counters. */
export async function metricsText(client: AppClient): Promise<string> {
  const [info, { incidents }, { plans }, { agents }] = await Promise.all([
    client.app.info({}),
    client.incidents.list({}),
    client.plans.list({}),
    client.agents.list({}),
  ]);
  const label = (name: string, values: Record<string, string>, value: number) =>
    `${name}{${Object.entries(values)
      .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
      .join(',')}} ${value}`;
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
    '# HELP process_resident_memory_bytes Resident memory.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# HELP process_cpu_seconds_total Processor time.',
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${(process.cpuUsage().user + process.cpuUsage().system) / 1e6}`,
  ];
  return `${lines.join('\n')}\n`;
}
