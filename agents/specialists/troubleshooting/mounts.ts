import type { PodTemplate } from '../../contract/index.ts';
import type { Placed } from './containers.ts';

type Volume = PodTemplate['spec']['volumes'][number];

export interface Mounted {
  readonly mountPath: string;
  readonly volume: Volume;
  /** Of the volume in the manifest. */
  readonly index: number;
  readonly readOnly: boolean;
}

/** The volume a path of a container lies on; undefined for the container's own file system. The longest mount path wins. */
export function mountAt({ workload, spec }: Placed, path: string): Mounted | undefined {
  const mount = spec.volumeMounts
    .filter(({ mountPath }) => path === mountPath || path.startsWith(mountPath.endsWith('/') ? mountPath : `${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const index = workload.template.spec.volumes.findIndex((v) => v.name === mount?.name);
  const volume = workload.template.spec.volumes[index];
  return mount === undefined || volume === undefined
    ? undefined
    : { mountPath: mount.mountPath, volume, index, readOnly: mount.readOnly === true };
}

/** The folder of a path: `/app/cache` of `/app/cache/x`; a path that ends with a slash is its own. */
export const folderOf = (path: string): string =>
  path.endsWith('/') ? path.slice(0, -1) : path.slice(0, Math.max(1, path.lastIndexOf('/')));
