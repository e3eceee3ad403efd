import type { KubeObject, PodTemplate } from '../../contract/index.ts';
import type { Placed } from './containers.ts';

type Volume = PodTemplate['spec']['volumes'][number];

export interface Mounted {
  readonly mountPath: string;
  readonly volume: Volume;
  /** Where the manifest has the volume: among those of its pods, or of a StatefulSet among the claims that are made for each. */
  readonly field: string;
  readonly readOnly: boolean;
}

/**
 * The volume a path of a container lies on; undefined for the container's own file system. The longest mount path wins. The claims of a
 * StatefulSet stand in its pods only: `pod` is the one that is spoken of.
 */
export function mountAt(placed: Placed, path: string, pod = placed.runs[0]?.pod): Mounted | undefined {
  const mount = placed.spec.volumeMounts
    .filter(({ mountPath }) => path === mountPath || path.startsWith(mountPath.endsWith('/') ? mountPath : `${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  return mount === undefined ? undefined : mounted(placed, mount, pod);
}

/**
 * The volume a path lies on that is said from where the program stands (`pg_wal/0001`), or not at all: the one claim it can write to. The
 * root file system of a container is not what fills up or is refused while there is one.
 */
export function onlyClaim(placed: Placed, pod = placed.runs[0]?.pod): Mounted | undefined {
  const claims = placed.spec.volumeMounts
    .flatMap((mount) => mounted(placed, mount, pod) ?? [])
    .filter((m) => m.volume.persistentVolumeClaim !== undefined && !m.readOnly);
  const [only] = claims;
  return new Set(claims.map((c) => c.volume.name)).size === 1 ? only : undefined;
}

function mounted(
  { workload }: Placed,
  { name, mountPath, readOnly }: Placed['spec']['volumeMounts'][number],
  pod: KubeObject<'Pod'> | undefined,
): Mounted | undefined {
  const { object, template, specPath } = workload;
  const index = template.spec.volumes.findIndex((v) => v.name === name);
  const volume = template.spec.volumes[index];
  if (volume !== undefined) return { mountPath, volume, field: `${specPath}.volumes[${index}]`, readOnly: readOnly === true };
  const made = object.kind === 'StatefulSet' ? object.spec.volumeClaimTemplates.findIndex((t) => t.metadata.name === name) : -1;
  const own = made < 0 ? undefined : pod?.spec.volumes.find((v) => v.name === name);
  return own === undefined
    ? undefined
    : { mountPath, volume: own, field: `spec.volumeClaimTemplates[${made}]`, readOnly: readOnly === true };
}

/** What the kubelet gives the files of a ConfigMap, a Secret or a projected volume where nothing is written (volumes, `defaultMode`). */
const DEFAULT_MODE = 0o644;

/** Of a volume whose files the kubelet writes: under which field its mode stands, and the mode; undefined for every other volume. */
export function writtenFiles({
  volume,
  field,
}: Mounted): { readonly field: string; readonly mode: number; readonly set: boolean } | undefined {
  for (const kind of ['configMap', 'secret', 'projected'] as const) {
    const files = volume[kind];
    if (files === undefined) continue;
    const { defaultMode } = files;
    return { field: `${field}.${kind}.defaultMode`, mode: defaultMode ?? DEFAULT_MODE, set: defaultMode !== undefined };
  }
  return undefined;
}

/** A mode as people write it: `0644`. */
export const modeWords = (mode: number): string => `0${mode.toString(8)}`;

/** The folder of a path: `/app/cache` of `/app/cache/x`; a path that ends with a slash is its own. */
export const folderOf = (path: string): string =>
  path.endsWith('/') ? path.slice(0, -1) : path.slice(0, Math.max(1, path.lastIndexOf('/')));
