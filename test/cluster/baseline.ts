import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api, Obj } from './api.ts';
import type { Instance } from './instance.ts';
import { type Kind, kindsOf } from './kinds.ts';

/** What an empty cluster has: taken when it has just started, so that `reset` need not know it by heart. */
export type Baseline = ReadonlyMap<string, Obj>;

export const OWN_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

export const keyOf = ({ group, resource }: Pick<Kind, 'group' | 'resource'>, { metadata }: Obj): string =>
  `${group}/${resource}/${metadata.namespace ?? ''}/${metadata.name}`;

const fileOf = (instance: Instance, cluster: number) => join(instance.dir, `baseline-${cluster + 1}.json`);

/** Made by a controller for another object, so it comes and goes with that one. */
export const isOwned = ({ metadata }: Obj): boolean => (metadata.ownerReferences ?? []).some((o) => o.controller === true);

export async function saveBaseline(api: Api, instance: Instance, cluster: number): Promise<void> {
  const kinds = await kindsOf(api);
  const entries = await Promise.all(
    kinds.map(async (kind) => {
      const objects = await api.list(`${kind.group}/${kind.resource}`);
      return objects.filter((o) => !isOwned(o)).map((o) => [keyOf(kind, o), { ...o, ...typeOf(kind) }] as const);
    }),
  );
  writeFileSync(fileOf(instance, cluster), JSON.stringify(entries.flat()));
}

/** Items of a list do not say what they are. */
const typeOf = ({ group, kind }: Kind) => ({ apiVersion: group.replace(/^\/apis?\//, ''), kind });

export const hasBaseline = (instance: Instance, cluster: number): boolean => existsSync(fileOf(instance, cluster));

/** Empty where the cluster was started by a version that took none. */
export function loadBaseline(instance: Instance, cluster: number): Baseline {
  const file = fileOf(instance, cluster);
  return new Map(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Obj][]) : []);
}

/** What a person can change of an object: its content, labels, annotations and finalizers, without what the server writes. */
export function content(object: Obj): string {
  const { metadata, status: _status, apiVersion: _version, kind: _kind, ...rest } = object;
  const { 'deployment.kubernetes.io/revision': _revision, ...annotations } = metadata.annotations ?? {};
  return JSON.stringify(sorted({ rest, labels: metadata.labels ?? {}, annotations, finalizers: metadata.finalizers ?? [] }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}

/** Written by the cluster itself, at a time of its own choosing. */
export function isStanding({ resource }: Pick<Kind, 'resource'>, object: Obj): boolean {
  const { name, namespace, labels, annotations } = object.metadata;
  if (name === 'kube-root-ca.crt' || (resource === 'serviceaccounts' && (name === 'default' || namespace === 'kube-system'))) return true;
  if (resource === 'namespaces') return OWN_NAMESPACES.has(name);
  if (resource === 'services') return namespace === 'default' && name === 'kubernetes';
  if (resource === 'apiservices') return labels?.['kube-aggregator.kubernetes.io/automanaged'] !== undefined;
  if (resource === 'priorityclasses') return name.startsWith('system-');
  if (resource === 'clustertrustbundles') return name.startsWith('kubernetes.io:');
  if (resource.startsWith('cluster') || resource.startsWith('role'))
    return labels?.['kubernetes.io/bootstrapping'] !== undefined || /^(system|quarterdeck):/.test(name);
  if (resource === 'flowschemas' || resource === 'prioritylevelconfigurations')
    return annotations?.['apf.kubernetes.io/autoupdate-spec'] !== undefined;
  return (
    resource === 'configmaps' &&
    /^kube-/.test(namespace ?? '') &&
    /^(extension-apiserver-authentication|kube-apiserver-|cluster-info)/.test(name)
  );
}
