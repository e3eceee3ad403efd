import { type ActionSpec, type Json, refWords } from '../../contract/index.ts';
import type { ActionKind } from '../ports/action.ts';
import { find } from './json-patch.ts';
import { recreatable } from './manifest.ts';
import { identityOf, need, readTarget } from './target.ts';

type Delete = Extract<ActionSpec, { type: 'delete' }>;

/** A claim that never had a volume holds no data. */
function neverBound(object: Json): boolean {
  return (
    find(object, '/kind') === 'PersistentVolumeClaim' &&
    find(object, '/status/phase') !== 'Bound' &&
    find(object, '/status/phase') !== 'Lost' &&
    !find(object, '/spec/volumeName')
  );
}

/** Why an object cannot be brought back by creating its manifest again; undefined where it can. */
function lost(object: Json): string | undefined {
  switch (find(object, '/kind')) {
    case 'PersistentVolumeClaim':
      return neverBound(object) ? undefined : 'the data of its volume may be lost';
    case 'PersistentVolume':
      return 'the data of the volume may be lost';
    case 'Namespace':
      return 'everything in it is deleted too';
    case 'Node':
      return 'the node registers itself, its record cannot be created by us';
    case 'Secret':
      return 'Quarterdeck does not keep the values of Secrets';
    default:
      return undefined;
  }
}

const ownedByController = (object: Json) =>
  ((find(object, '/metadata/ownerReferences') ?? []) as Json[]).some((owner) => find(owner, '/controller') === true);

/** True where the deletion loses nothing: a claim without data, a pod that its controller makes anew. */
export function losesNothing(object: Json): boolean {
  return neverBound(object) || (find(object, '/kind') === 'Pod' && ownedByController(object));
}

/** Deletes one object, being the very one that was looked at; what it owns is collected by the cluster afterwards. */
export const deleteObject: ActionKind<Delete> = {
  type: 'delete',
  needs: (spec) => [...need(spec, 'get'), ...need(spec, 'delete')],
  prepare: async (spec, context, rehearser) => {
    const { target } = spec;
    const live = await readTarget(spec, context, rehearser);
    if (!live.ok) return live;
    const before = live.value;
    const uid = identityOf(before)?.uid ?? '';
    const why = lost(before);
    const replaced = why === undefined && ownedByController(before);
    return {
      ok: true,
      value: {
        request: {
          verb: 'delete',
          target,
          contentType: 'application/json',
          body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' },
        },
        summary: `Delete ${refWords(target)}`,
        before,
        undo:
          why !== undefined
            ? `Cannot be taken back: ${why}`
            : replaced
              ? 'Nothing to take back: its controller makes a new one'
              : `Create ${refWords(target)} again from the manifest it has now${target.kind === 'Job' ? ', which runs the job again' : ''}`,
        after: () => null,
        inverse: () => {
          if (why !== undefined) return null;
          const { uid: _uid, ...again } = target;
          return replaced ? [] : [{ type: 'create', target: again, manifest: recreatable(before) }];
        },
      },
    };
  },
};
