import { type KubeObject, refOf } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS, type Workload } from '../../core/workloads.ts';

/** One place where a workload names a ConfigMap or Secret, or a key of it. */
export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly key: string | undefined;
  readonly optional: boolean;
  /** Path of the name, and of the key, in the workload. */
  readonly nameField: string;
  readonly keyField: string | undefined;
  /** The container that needs it; undefined for a volume, which all containers wait for. */
  readonly container: string | undefined;
  /** How it is used, in words. */
  readonly use: string;
}

export const CONFIG_KINDS = [...WORKLOAD_KINDS, 'ConfigMap', 'Secret'] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

/** A template is read once, however many checks ask and however often they run. */
const known = new WeakMap<Workload['template']['spec'], readonly ConfigReference[]>();

/** All references of a workload's template, in the order of the manifest. */
export function configReferences(workload: Workload): readonly ConfigReference[] {
  const { spec } = workload.template;
  let found = known.get(spec);
  if (found === undefined) known.set(spec, (found = readReferences(workload)));
  return found;
}

function readReferences({ template: { spec }, specPath }: Workload): readonly ConfigReference[] {
  const found: ConfigReference[] = [];
  const add = (kind: ConfigReference['kind'], name: string, nameField: string, rest: Partial<ConfigReference> & { use: string }) => {
    if (name !== '')
      found.push({ kind, name, nameField, key: undefined, keyField: undefined, optional: false, container: undefined, ...rest });
  };
  spec.volumes.forEach((volume, v) => {
    const use = `volume ${volume.name}`;
    const source = (
      kind: ConfigReference['kind'],
      at: string,
      nameKey: string,
      name: string,
      from: { optional?: boolean | undefined; items: readonly { key: string }[] },
    ) => {
      const optional = from.optional === true;
      if (from.items.length === 0) add(kind, name, `${at}.${nameKey}`, { use, optional });
      from.items.forEach((item, i) =>
        add(kind, name, `${at}.${nameKey}`, { use, optional, key: item.key, keyField: `${at}.items[${i}].key` }),
      );
    };
    const at = `${specPath}.volumes[${v}]`;
    if (volume.configMap !== undefined) source('ConfigMap', `${at}.configMap`, 'name', volume.configMap.name, volume.configMap);
    if (volume.secret !== undefined) source('Secret', `${at}.secret`, 'secretName', volume.secret.secretName, volume.secret);
    volume.projected?.sources.forEach((s, i) => {
      if (s.configMap !== undefined) source('ConfigMap', `${at}.projected.sources[${i}].configMap`, 'name', s.configMap.name, s.configMap);
      if (s.secret !== undefined) source('Secret', `${at}.projected.sources[${i}].secret`, 'name', s.secret.name, s.secret);
    });
  });
  for (const list of ['initContainers', 'containers'] as const)
    spec[list].forEach((container, c) => {
      const at = `${specPath}.${list}[${c}]`;
      container.envFrom.forEach((from, i) => {
        const use = `all variables of container ${container.name}`;
        const more = { use, container: container.name };
        if (from.configMapRef !== undefined)
          add('ConfigMap', from.configMapRef.name, `${at}.envFrom[${i}].configMapRef.name`, {
            ...more,
            optional: from.configMapRef.optional === true,
          });
        if (from.secretRef !== undefined)
          add('Secret', from.secretRef.name, `${at}.envFrom[${i}].secretRef.name`, { ...more, optional: from.secretRef.optional === true });
      });
      container.env.forEach((env, i) => {
        const use = `variable ${env.name} of container ${container.name}`;
        const ref = (kind: ConfigReference['kind'], key: 'configMapKeyRef' | 'secretKeyRef') => {
          const from = env.valueFrom?.[key];
          const base = `${at}.env[${i}].valueFrom.${key}`;
          if (from !== undefined)
            add(kind, from.name, `${base}.name`, {
              use,
              container: container.name,
              key: from.key,
              keyField: `${base}.key`,
              optional: from.optional === true,
            });
        };
        ref('ConfigMap', 'configMapKeyRef');
        ref('Secret', 'secretKeyRef');
      });
    });
  return found;
}

/** A pod this old has seen everything of one `kubectl apply`; before that an absent ConfigMap may just come later. */
const SETTLED_MS = 1_500;
const WAITING = new Set(['CreateContainerConfigError', 'ContainerCreating', 'PodInitializing', 'CreateContainerError']);

/** The current pods that wait for this reference: the container could not be made, or no container could because of a volume. */
export function waitingFor(w: Workload, reference: ConfigReference, now: number): readonly KubeObject<'Pod'>[] {
  return w.currentPods.filter((pod) => {
    if (pod.metadata.deletionTimestamp != null || pod.spec.nodeName === undefined) return false;
    const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses];
    const own = reference.container === undefined ? statuses : statuses.filter((s) => s.name === reference.container);
    if (own.some((s) => s.state.waiting?.reason === 'CreateContainerConfigError')) return true;
    const created = Date.parse(pod.metadata.creationTimestamp ?? '');
    return (
      now - created >= SETTLED_MS &&
      own.length > 0 &&
      own.every((s) => s.state.waiting !== undefined && WAITING.has(s.state.waiting.reason ?? ''))
    );
  });
}

/** The kubelet's own words about it, where it says them in a status. */
export function kubeletWords(
  pods: readonly KubeObject<'Pod'>[],
  about: string,
): { readonly pod: KubeObject<'Pod'>; readonly text: string } | undefined {
  for (const pod of pods)
    for (const status of [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]) {
      const text = status.state.waiting?.message;
      if (text !== undefined && text.includes(about)) return { pod, text };
    }
  return undefined;
}

/** The keys a ConfigMap or Secret has, or undefined where it does not exist. */
export function keysOf(
  view: View<ConfigKind>,
  kind: ConfigReference['kind'],
  namespace: string,
  name: string,
): readonly string[] | undefined {
  const object = view.get(kind, namespace, name);
  if (object === undefined) return undefined;
  return [...object.data.map((k) => k.name), ...('binaryData' in object ? object.binaryData.map((k) => k.name) : [])];
}

export const podRefs = (pods: readonly KubeObject<'Pod'>[]) => pods.map(refOf);
