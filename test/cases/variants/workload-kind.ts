import type { RawObject } from '../conditions.ts';

/** The same pods under another controller, or under none. */

export const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'] as const;
export type Workload = (typeof WORKLOADS)[number];
export const isWorkload = (kind: string): kind is Workload => (WORKLOADS as readonly string[]).includes(kind);

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (value ?? {}) as Fields;

/** Where the pod's spec stands in an object of the kind. */
export const podSpecPath = (kind: Workload): string =>
  kind === 'Pod' ? 'spec' : kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';

export function podSpecOf(object: RawObject): Fields | undefined {
  if (!isWorkload(object.kind)) return undefined;
  return podSpecPath(object.kind)
    .split('.')
    .reduce<Fields | undefined>((at, step) => (at === undefined ? undefined : (at[step] as Fields | undefined)), object);
}

/** The object with another pod spec. */
export function withPodSpec(object: RawObject, spec: Fields): RawObject {
  const put = (at: Fields, path: readonly string[]): Fields => {
    const [step, ...rest] = path;
    return step === undefined ? spec : { ...at, [step]: put(fields(at[step]), rest) };
  };
  return put(object, podSpecPath(isWorkload(object.kind) ? object.kind : 'Pod').split('.')) as unknown as RawObject;
}

/** Deployment or StatefulSet to another kind; what the other kind has no word for is left out. */
export function asKind(object: RawObject, kind: Workload): RawObject[] {
  if (object.kind === kind) return [object];
  const { name, labels } = object.metadata;
  const spec = fields(object['spec']);
  const template = fields(spec['template']);
  const podLabels = fields(fields(template['metadata'])['labels']) as Readonly<Record<string, string>>;
  const metadata = { ...object.metadata };
  const shared = { selector: spec['selector'], template };
  const replicas = spec['replicas'] === undefined ? {} : { replicas: spec['replicas'] };
  switch (kind) {
    case 'Deployment':
      return [{ apiVersion: 'apps/v1', kind, metadata, spec: { ...replicas, ...shared } }];
    case 'DaemonSet':
      return [{ apiVersion: 'apps/v1', kind, metadata, spec: shared }];
    case 'StatefulSet':
      return [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `${name}-peers`, ...(labels === undefined ? {} : { labels }) },
          spec: { clusterIP: 'None', selector: podLabels },
        },
        { apiVersion: 'apps/v1', kind, metadata, spec: { ...replicas, serviceName: `${name}-peers`, ...shared } },
      ];
    case 'Job':
      return [{ apiVersion: 'batch/v1', kind, metadata, spec: { template: runOnce(template) } }];
    case 'CronJob':
      return [
        { apiVersion: 'batch/v1', kind, metadata, spec: { schedule: '* * * * *', jobTemplate: { spec: { template: runOnce(template) } } } },
      ];
    case 'Pod':
      return [{ apiVersion: 'v1', kind, metadata: { ...metadata, labels: podLabels }, spec: template['spec'] }];
  }
}

/** A container that is to end is not asked whether it is ready. */
function runOnce(template: Fields): Fields {
  const spec = fields(template['spec']);
  const containers = (spec['containers'] as readonly Fields[]).map(({ readinessProbe: _, ...container }) => container);
  return { ...template, spec: { ...spec, restartPolicy: 'OnFailure', containers } };
}
