import type { Json, Manager } from '../contract/index.ts';

/** Who looks after an object besides the person in front of us: read from what these tools write on their objects. */

interface Meta {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly { readonly kind: string; readonly name: string; readonly apiVersion: string; readonly controller: boolean }[];
  readonly managers: readonly {
    readonly manager: string;
    readonly operation: string;
    readonly time: string;
    readonly subresource: string;
    readonly fields: Json;
  }[];
}

/** Owners that Kubernetes' own controllers make. */
const BUILT_IN = /^(?:apps|batch|core|v1)(?:\/|$)/;
/** What people use to change an object by hand (the default field managers of kubectl, and those of the known user interfaces). */
const BY_HAND = /^(?:kubectl(?:-.*)?|node-fetch|Mozilla|OpenAPI-Generator|k9s|Lens|Headlamp|rancher.*)$/i;
/** A change by hand this long ago is history. Milliseconds. */
const RECENT_MS = 30 * 60_000;

/**
 * The managers of an object whose work a change of these paths (JSON pointers) would touch. `putsBack`: what it is changed to would be
 * put back from the source; the change belongs there.
 */
export function managersOf(object: Json, paths: readonly string[], now: number): Manager[] {
  const meta = metaOf(object);
  const found = fromLabels(meta) ?? fromOwners(meta);
  const hand = meta.managers
    .filter((m) => m.operation !== 'Apply' || m.manager === 'kubectl')
    .filter((m) => BY_HAND.test(m.manager) && m.subresource === '' && now - Date.parse(m.time) < RECENT_MS)
    .filter((m) => paths.some((path) => owns(m.fields, path, object)))
    .sort((a, b) => b.time.localeCompare(a.time))[0];
  return [
    ...(found === undefined ? [] : [found]),
    ...(hand === undefined
      ? []
      : [
          { by: 'a person' as const, name: hand.manager, putsBack: false, because: `${hand.manager} changed these fields at ${hand.time}` },
        ]),
  ];
}

function fromLabels({ labels, annotations, managers }: Meta): Manager | undefined {
  const of = (prefix: string) => {
    const name = labels[`${prefix}/name`];
    return name === undefined ? undefined : `${labels[`${prefix}/namespace`] ?? ''}/${name}`;
  };
  const release = of('helm.toolkit.fluxcd.io');
  if (release !== undefined)
    return { by: 'Flux', name: `HelmRelease ${release}`, putsBack: true, because: 'label helm.toolkit.fluxcd.io/name' };
  const kustomization = of('kustomize.toolkit.fluxcd.io');
  if (kustomization !== undefined)
    return { by: 'Flux', name: `Kustomization ${kustomization}`, putsBack: true, because: 'label kustomize.toolkit.fluxcd.io/name' };
  const tracking = annotations['argocd.argoproj.io/tracking-id'];
  const tracked = tracking?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (tracked !== undefined)
    return {
      by: 'Argo CD',
      name: `Application ${tracked}`,
      putsBack: true,
      because: tracking === undefined ? 'label argocd.argoproj.io/instance' : 'annotation argocd.argoproj.io/tracking-id',
    };
  const argo = managers.find((m) => /^argocd-(?:application-)?controller$/.test(m.manager));
  const instance = labels['app.kubernetes.io/instance'];
  if (argo !== undefined && instance !== undefined)
    return { by: 'Argo CD', name: `Application ${instance}`, putsBack: true, because: `field manager ${argo.manager}` };
  const helm = annotations['meta.helm.sh/release-name'];
  if (helm !== undefined || labels['app.kubernetes.io/managed-by'] === 'Helm')
    return {
      by: 'Helm',
      name: `release ${annotations['meta.helm.sh/release-namespace'] ?? ''}/${helm ?? instance ?? ''}`,
      putsBack: false,
      because: helm === undefined ? 'label app.kubernetes.io/managed-by' : 'annotation meta.helm.sh/release-name',
    };
  return undefined;
}

function fromOwners({ owners }: Meta): Manager | undefined {
  const owner = owners.find((o) => o.controller && !BUILT_IN.test(o.apiVersion));
  return owner === undefined
    ? undefined
    : {
        by: 'an operator',
        name: `${owner.kind} ${owner.name}`,
        putsBack: true,
        because: `it is owned by ${owner.kind} ${owner.name} (${owner.apiVersion})`,
      };
}

type Fields = { readonly [key: string]: Json };
const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a set of managed fields (structured-merge-diff, `f:name`, `k:{"name":"x"}`, `v:…`) reaches to the path, or lies below it. */
function owns(fields: Json, path: string, object: Json): boolean {
  let set: Json | undefined = fields;
  let at: Json | undefined = object;
  for (const raw of path.split('/').slice(1)) {
    if (!isObject(set)) return false;
    if (Object.keys(set).filter((k) => k !== '.').length === 0) return true;
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) {
      const item: Json | undefined = at[Number(step)];
      const key: string | undefined = Object.keys(set).find((k) => k.startsWith('k:') && isObject(item) && holds(k.slice(2), item));
      if (key === undefined) return false;
      set = (set as Fields)[key];
      at = item;
    } else {
      set = (set as Fields)[`f:${step}`];
      at = isObject(at) ? at[step] : undefined;
      if (set === undefined) return false;
    }
  }
  return true;
}

function holds(key: string, item: { readonly [key: string]: Json }): boolean {
  try {
    return Object.entries(JSON.parse(key) as Record<string, Json>).every(([k, v]) => item[k] === v);
  } catch {
    return false;
  }
}

function metaOf(object: Json): Meta {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  const texts = (value: Json | undefined) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : []))) : {};
  const list = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isObject) : []);
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');
  return {
    labels: texts(metadata['labels']),
    annotations: texts(metadata['annotations']),
    owners: list(metadata['ownerReferences']).map((o) => ({
      kind: text(o['kind']),
      name: text(o['name']),
      apiVersion: text(o['apiVersion']),
      controller: o['controller'] === true,
    })),
    managers: list(metadata['managedFields']).map((m) => ({
      manager: text(m['manager']),
      operation: text(m['operation']),
      time: text(m['time']),
      subresource: text(m['subresource']),
      fields: m['fieldsV1'] ?? null,
    })),
  };
}
