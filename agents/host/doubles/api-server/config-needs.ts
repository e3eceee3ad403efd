import type { ObjectTable, RawObject } from './objects.ts';
import { type ContainerSpec, type KeyRef, type NameRef, specOf } from './pod-spec.ts';
import type { RecordedApp } from './recording.ts';

/** What pods need of ConfigMaps and Secrets, and what a kubelet says where it is not there. */

type Source = 'configmap' | 'secret';
const KIND = { configmap: 'ConfigMap', secret: 'Secret' } as const;

function lackOf(source: Source, ref: (NameRef & Partial<KeyRef>) | undefined, pod: RawObject, table: ObjectTable): string | undefined {
  if (ref === undefined || ref.optional === true) return undefined;
  const { namespace } = pod.metadata;
  const found = table.get(`${source}s`, namespace, ref.name);
  if (found === undefined) return `${source} "${ref.name}" not found`;
  return ref.key !== undefined && !Object.hasOwn((found['data'] ?? {}) as object, ref.key)
    ? `couldn't find key ${ref.key} in ${KIND[source]} ${namespace ?? ''}/${ref.name}`
    : undefined;
}

/** The first thing the environment of a container needs and that is not there: it cannot be made (CreateContainerConfigError). */
export function missingForContainer(c: ContainerSpec, pod: RawObject, table: ObjectTable): string | undefined {
  const lacks = (source: Source, ref: NameRef | undefined) => lackOf(source, ref, pod, table);
  return [
    ...(c.envFrom ?? []).flatMap((e) => [lacks('configmap', e.configMapRef), lacks('secret', e.secretRef)]),
    ...(c.env ?? []).flatMap((e) => [lacks('configmap', e.valueFrom?.configMapKeyRef), lacks('secret', e.valueFrom?.secretKeyRef)]),
  ].find((lack) => lack !== undefined);
}

/** The words of the event FailedMount for the first volume that cannot be set up: all containers of the pod wait for it. */
export function failedMount(pod: RawObject, table: ObjectTable): string | undefined {
  for (const { name, configMap, secret } of specOf(pod).volumes ?? []) {
    const ref = secret === undefined ? undefined : { name: secret.secretName, optional: secret.optional === true };
    const lack = lackOf('configmap', configMap, pod, table) ?? lackOf('secret', ref, pod, table);
    if (lack !== undefined) return `MountVolume.SetUp failed for volume "${name}" : ${lack}`;
  }
  return undefined;
}

/** The first variable its program needs and is not given, by itself or with all of a ConfigMap or Secret. */
export function missingVariable(c: ContainerSpec, pod: RawObject, app: RecordedApp, table: ObjectTable): string | undefined {
  const keys = (source: Source, ref: NameRef | undefined) =>
    ref === undefined ? [] : Object.keys((table.get(`${source}s`, pod.metadata.namespace, ref.name)?.['data'] ?? {}) as object);
  const given = new Set([
    ...(c.env ?? []).map((e) => e.name),
    ...(c.envFrom ?? []).flatMap((e) => [...keys('configmap', e.configMapRef), ...keys('secret', e.secretRef)]),
  ]);
  return app.requires.find((name) => !given.has(name));
}
