import type { AlertRules, Incident, ResourceRef } from '../../contract/index.ts';
import { parse } from '../promql/parser.ts';
import { inUnit } from './watch.ts';

/** What an incident teaches the alerting of others: rules in the names that kubelets, kube-state-metrics and libraries give to metrics. */

/** What a series was before the incident, and at its worst in it. */
export interface Measured {
  readonly signal: string;
  readonly usual: number;
  readonly worst: number;
}

type Rule = AlertRules['rules'][number];
/** `because` without the incident; what all rules have is added. */
type Draft = Rule | undefined;

/** For a person to read, change and apply: nothing of it is applied by us. */
export function alertRulesOf(incident: Incident, measured: readonly Measured[]): AlertRules {
  const { resource, code } = incident.rootCause;
  // What people noticed is what an alert can watch, whatever was behind it.
  const told = [incident.rootCause, ...incident.symptoms].flatMap((one) => MADE[one.code]?.(one.resource, measured) ?? []);
  const made = [...told, ...unavailable(resource)].filter((rule) => rule !== undefined);
  const rules = [...new Map(made.map((rule) => [rule.expr, rule])).values()];
  // What we would not understand ourselves is not handed to others. @throws that is our own fault, and loud.
  for (const { expr } of rules) parse(expr);
  const name = dnsName(`${resource.name}-${code}`);
  return { incident: incident.id, fileName: `${name}.rules.yaml`, text: rules.length === 0 ? '' : textOf(name, incident, rules), rules };
}

const MADE: Readonly<Record<string, (resource: ResourceRef, measured: readonly Measured[]) => readonly Draft[]>> = {
  'OBS-001': (resource) => [memoryRunsOut(resource), killedForMemory(resource)],
  'OBS-002': (resource) => [volumeFills(resource)],
  'OBS-004': (resource) => [quotaUsedUp(resource)],
  'OBS-010': (resource, measured) => [slower(resource, measured), failing(resource, measured)],
  'OBS-011': (resource, measured) => [takesMore(resource, measured)],
  'POD-004': (resource) => [killedForMemory(resource), memoryRunsOut(resource)],
};

const quoted = JSON.stringify;
const podsOf = ({ namespace = '', name, kind }: ResourceRef): string =>
  `namespace=${quoted(namespace)},pod${kind === 'Pod' ? `=${quoted(name)}` : `=~${quoted(`${escaped(name)}-.+`)}`}`;
/** Names of objects have one character that means something in an expression. */
const escaped = (name: string): string => name.replaceAll('.', '\\.');
const camel = (text: string): string =>
  text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/[^A-Za-z0-9]/g, '');
const dnsName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');

const memoryRunsOut = (resource: ResourceRef): Rule => ({
  alert: `${camel(resource.name)}MemoryRunsOut`,
  expr: `max by (namespace, pod, container) (predict_linear(container_memory_working_set_bytes{${podsOf(resource)},container!=""}[30m], 3600)) > max by (namespace, pod, container) (kube_pod_container_resource_limits{${podsOf(resource)},resource="memory"})`,
  for: '5m',
  because: 'at the pace of the last half hour its memory reaches its limit within an hour',
});

const killedForMemory = (resource: ResourceRef): Rule => ({
  alert: `${camel(resource.name)}KilledForMemory`,
  expr: `increase(kube_pod_container_status_restarts_total{${podsOf(resource)}}[15m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{${podsOf(resource)},reason="OOMKilled"} == 1`,
  for: '0m',
  because: 'the kernel ended a container of it for want of memory',
});

function volumeFills({ namespace = '', name }: ResourceRef): Rule {
  const of = `{namespace=${quoted(namespace)},persistentvolumeclaim=${quoted(name)}}`;
  return {
    alert: `${camel(name)}Fills`,
    expr: `predict_linear(kubelet_volume_stats_used_bytes${of}[1h], 14400) > kubelet_volume_stats_capacity_bytes${of}`,
    for: '10m',
    because: 'at the pace of the last hour the volume is full within four',
  };
}

function quotaUsedUp({ namespace = '', name }: ResourceRef): Rule {
  const of = (type: string) => `kube_resourcequota{namespace=${quoted(namespace)},resourcequota=${quoted(name)},type=${quoted(type)}}`;
  return {
    alert: `${camel(name)}UsedUp`,
    expr: `${of('used')} / ignoring (type) (${of('hard')} > 0) > 0.9`,
    for: '5m',
    because: 'more than nine tenths of the quota are used',
  };
}

/** Between what is usual and what the incident was: nearer to the usual one, so that the next is told earlier. */
const between = ({ usual, worst }: Measured): number =>
  Number(Math.max(usual * 1.5, Math.sqrt(Math.max(usual, worst / 100) * worst)).toPrecision(2));
const apart = (one: Measured | undefined): one is Measured => one !== undefined && one.worst > 1.5 * one.usual;

function slower(resource: ResourceRef, measured: readonly Measured[]): Draft {
  const latency = measured.find((m) => m.signal === 'workload_latency_seconds');
  if (!apart(latency)) return undefined;
  return {
    alert: `${camel(resource.name)}Slow`,
    expr: `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${podsOf(resource)}}[5m]))) > ${between(latency)}`,
    for: '3m',
    because: `usual are ${inUnit(latency.signal, latency.usual)} at the 95th percentile, in the incident it was ${inUnit(latency.signal, latency.worst)}`,
  };
}

function failing(resource: ResourceRef, measured: readonly Measured[]): Draft {
  const errors = measured.find((m) => m.signal === 'workload_requests_per_second');
  if (!apart(errors)) return undefined;
  return {
    alert: `${camel(resource.name)}Failing`,
    expr: `sum(rate(http_requests_total{${podsOf(resource)},code=~"5.."}[5m])) > ${between(errors)}`,
    for: '3m',
    because: `usual are ${inUnit(errors.signal, errors.usual)} failed requests, in the incident it was ${inUnit(errors.signal, errors.worst)}`,
  };
}

function takesMore(resource: ResourceRef, measured: readonly Measured[]): Draft {
  const cpu = measured.find((m) => m.signal === 'workload_cpu_cores');
  if (!apart(cpu)) return undefined;
  return {
    alert: `${camel(resource.name)}TakesMore`,
    expr: `sum(rate(container_cpu_usage_seconds_total{${podsOf(resource)},container!=""}[5m])) > ${between(cpu)}`,
    for: '10m',
    because: `usual are ${inUnit(cpu.signal, cpu.usual)}, in the incident it was ${inUnit(cpu.signal, cpu.worst)}`,
  };
}

const UNAVAILABLE: Readonly<Record<string, readonly [metric: string, label: string]>> = {
  Deployment: ['kube_deployment_status_replicas_unavailable', 'deployment'],
  DaemonSet: ['kube_daemonset_status_number_unavailable', 'daemonset'],
};

/** Whatever the cause was: pods that are wanted and not there. */
function unavailable({ kind, namespace = '', name }: ResourceRef): readonly Draft[] {
  const [metric, label] = UNAVAILABLE[kind] ?? [];
  if (metric === undefined || label === undefined) return [];
  return [
    {
      alert: `${camel(name)}Unavailable`,
      expr: `${metric}{namespace=${quoted(namespace)},${label}=${quoted(name)}} > 0`,
      for: '5m',
      because: `pods of ${kind} ${name} are wanted and not available`,
    },
  ];
}

function textOf(name: string, incident: Incident, rules: readonly Rule[]): string {
  const { resource, code } = incident.rootCause;
  const lines = [
    `# Made after incident ${incident.id}: ${oneLine(incident.title)}`,
    '# Read it, change what is named otherwise with you, and apply it yourself.',
    'apiVersion: monitoring.coreos.com/v1',
    'kind: PrometheusRule',
    'metadata:',
    `  name: ${quoted(name)}`,
    ...(resource.namespace === undefined ? [] : [`  namespace: ${quoted(resource.namespace)}`]),
    '  labels:',
    '    app.kubernetes.io/managed-by: "quarterdeck"',
    'spec:',
    '  groups:',
    `    - name: ${quoted(name)}`,
    '      rules:',
  ];
  for (const rule of rules)
    lines.push(
      `        - alert: ${quoted(rule.alert)}`,
      `          expr: ${quoted(rule.expr)}`,
      `          for: ${quoted(rule.for)}`,
      '          labels:',
      `            severity: ${quoted(incident.severity === 'critical' || incident.severity === 'high' ? 'critical' : 'warning')}`,
      '          annotations:',
      `            summary: ${quoted(rule.because)}`,
      `            runbook: ${quoted(`quarterdeck knowledge search ${code}`)}`,
    );
  return `${lines.join('\n')}\n`;
}

/** Text of a cluster ends no comment. */
const oneLine = (text: string): string => text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ').slice(0, 300);
