import type { Json } from '../../contract/index.ts';

type Manifest = { [key: string]: Json };
const isMap = (value: Json | undefined): value is Manifest => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the server writes into every object, and refuses or ignores in a new one. */
const SERVER_META = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
/** Labels and the selector a Job's controller generates; it refuses them in a new Job. */
const JOB_LABELS = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

const without = (map: Manifest, keys: readonly string[]): Manifest =>
  Object.fromEntries(Object.entries(map).filter(([k]) => !keys.includes(k)));

/** The manifest with which an object can be created again: without what the server, the scheduler or a controller wrote. */
export function recreatable(object: Json): Manifest {
  if (!isMap(object)) return {};
  const { status: _status, metadata, ...rest } = object;
  const meta = isMap(metadata) ? without(metadata, SERVER_META) : {};
  const manifest: Manifest = { ...rest, metadata: meta };
  const spec = manifest['spec'];
  if (!isMap(spec)) return manifest;
  switch (manifest['kind']) {
    case 'Pod':
      return { ...manifest, spec: without(spec, ['nodeName']) };
    case 'PersistentVolumeClaim':
      return { ...manifest, metadata: withoutBinding(meta), spec: without(spec, ['volumeName']) };
    case 'Job':
      return spec['manualSelector'] === true
        ? manifest
        : { ...manifest, metadata: withoutLabels(meta), spec: jobSpec(without(spec, ['selector'])) };
    default:
      return manifest;
  }
}

function withoutBinding(meta: Manifest): Manifest {
  const annotations = meta['annotations'];
  if (!isMap(annotations)) return meta;
  return {
    ...meta,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([k]) => !/^(pv|volume(\.beta)?)\.kubernetes\.io\//.test(k))),
  };
}

function withoutLabels(meta: Manifest): Manifest {
  const labels = meta['labels'];
  return isMap(labels) ? { ...meta, labels: without(labels, JOB_LABELS) } : meta;
}

function jobSpec(spec: Manifest): Manifest {
  const template = spec['template'];
  if (!isMap(template) || !isMap(template['metadata'])) return spec;
  return { ...spec, template: { ...template, metadata: withoutLabels(template['metadata']) } };
}
