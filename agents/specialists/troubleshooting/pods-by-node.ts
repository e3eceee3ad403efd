import type { KubeObject } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';

const cache = new WeakMap<object, ReadonlyMap<string, readonly KubeObject<'Pod'>[]>>();

/** The pods on a node that are not over. Computed once per view. */
export function podsByNode(view: View<'Pod'>, node: string): readonly KubeObject<'Pod'>[] {
  let found = cache.get(view);
  if (found === undefined) {
    const map = new Map<string, KubeObject<'Pod'>[]>();
    for (const pod of view.list('Pod')) {
      const { nodeName } = pod.spec;
      if (nodeName === undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue;
      const known = map.get(nodeName);
      if (known === undefined) map.set(nodeName, [pod]);
      else known.push(pod);
    }
    cache.set(view, (found = map));
  }
  return found.get(node) ?? [];
}
