import type { RawObject } from '../conditions.ts';
import { podSpecOf, withPodSpec } from './workload-kind.ts';

/** The faulty container at another place among innocent ones. */

export type Position = 'alone' | 'first' | 'second' | 'init' | 'sidecar';

type Fields = Readonly<Record<string, unknown>>;

/** Serves, and needs nothing: fit for any namespace. */
const innocent = (name: string): Fields => ({
  name,
  image: 'quarterdeck/workload:2',
  imagePullPolicy: 'IfNotPresent',
  args: ['serve', '-port', '18080'],
  resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { cpu: '100m', memory: '32Mi' } },
});

/** Where the container is found afterwards, within the pod's spec. */
export const placeOf = (position: Position, index: number): string =>
  position === 'init' || position === 'sidecar' ? 'initContainers[0]' : `containers[${position === 'second' ? index + 1 : index}]`;

/** Containers of index 0 only are moved; the others stay where the case put them. */
export function atPosition(object: RawObject, position: Position, companion: string): RawObject {
  const spec = podSpecOf(object);
  if (spec === undefined || position === 'alone') return object;
  const containers = (spec['containers'] ?? []) as readonly Fields[];
  const [faulty, ...rest] = containers;
  if (faulty === undefined) return object;
  const other = innocent(companion);
  switch (position) {
    case 'first':
      return withPodSpec(object, { ...spec, containers: [...containers, other] });
    case 'second':
      return withPodSpec(object, { ...spec, containers: [other, ...containers] });
    case 'sidecar':
    case 'init': {
      // What only has to end is not probed.
      const { readinessProbe, livenessProbe, ...plain } = faulty;
      const moved =
        position === 'init'
          ? plain
          : {
              ...plain,
              restartPolicy: 'Always',
              ...(readinessProbe === undefined ? {} : { readinessProbe }),
              ...(livenessProbe === undefined ? {} : { livenessProbe }),
            };
      const inits = (spec['initContainers'] ?? []) as readonly Fields[];
      return withPodSpec(object, { ...spec, initContainers: [moved, ...inits], containers: [...rest, other] });
    }
  }
}
