import { type ActionSpec, type Json, refWords } from '../../contract/index.ts';
import type { ActionKind } from '../ports/action.ts';
import { find } from './json-patch.ts';
import { failed, identityOf, need, readTarget, wrongKind } from './target.ts';

type Scale = Extract<ActionSpec, { type: 'scale' }>;
const KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'];
const pods = (n: number) => (n === 1 ? '1 replica' : `${n} replicas`);
/** The API's default where the field is left out. */
const replicasOf = (object: Json) => {
  const n = find(object, '/spec/replicas');
  return typeof n === 'number' ? n : 1;
};

/** Sets the replica count through the `scale` subresource: the smallest right that can do it. */
export const scale: ActionKind<Scale> = {
  type: 'scale',
  needs: (spec) => [...need(spec, 'get'), ...need(spec, 'patch', 'scale')],
  prepare: async (spec, context, rehearser) => {
    const { target, replicas } = spec;
    if (!KINDS.includes(target.kind)) return failed(wrongKind(target, 'scaled', KINDS));
    const live = await readTarget(spec, context, rehearser);
    if (!live.ok) return live;
    const before = live.value;
    const old = replicasOf(before);
    if (old === replicas) return failed({ code: 'plan-drifted', message: `${refWords(target)} has ${pods(replicas)} already.` });
    const seen = identityOf(before);
    return {
      ok: true,
      value: {
        request: {
          verb: 'patch',
          target,
          subresource: 'scale',
          contentType: 'application/merge-patch+json',
          // A Scale has no generation; the version makes the server refuse what it did not show us.
          body: { metadata: { uid: seen?.uid ?? '', resourceVersion: seen?.resourceVersion ?? '' }, spec: { replicas } },
        },
        summary: `Scale ${refWords(target)} from ${pods(old)} to ${replicas}`,
        before,
        undo: `Scale back to ${pods(old)}`,
        // The answer is a Scale (0 is left out of it), not the workload.
        after: (answer) => {
          const n = find(answer, '/spec/replicas');
          const spec = find(before, '/spec');
          return { ...(before as object), spec: { ...(spec as object), replicas: typeof n === 'number' ? n : 0 } } as Json;
        },
        inverse: () => [{ type: 'scale', target, replicas: old }],
      },
    };
  },
};
