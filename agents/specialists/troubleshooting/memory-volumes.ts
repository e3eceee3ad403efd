import type { Placed } from './containers.ts';
import { type Mounted, mountAt } from './mounts.ts';

/** The volumes of a container that lie in memory: what is written there counts against the memory limit of who writes it, and stays over restarts. */
export const memoryVolumes = (placed: Placed): readonly Mounted[] =>
  placed.spec.volumeMounts.flatMap(({ mountPath }) => {
    const mounted = mountAt(placed, mountPath);
    return mounted?.volume.emptyDir?.medium === 'Memory' ? [mounted] : [];
  });

/** The same in words, for the end of a sentence; nothing where there are none. */
export const fillsMemory = (volumes: readonly Mounted[]): string =>
  volumes.length === 0
    ? ''
    : `; what is written to ${volumes.map((v) => `${v.mountPath} (volume ${v.volume.name}, an emptyDir of medium Memory${v.volume.emptyDir?.sizeLimit === undefined ? ' without a sizeLimit' : ''})`).join(' and ')} counts as its memory and stays over restarts`;
