import {
  type Action,
  type ActionSpec,
  type Failure,
  type Json,
  type JsonPatchOp,
  type Outcome,
  type ResourceRef,
  refWords,
} from '../../contract/index.ts';
import type { AccessReview, Rehearser } from '../ports/writer.ts';
import { find } from './json-patch.ts';
import { servedAt } from './served.ts';

/** What all actions ask about their target. */

export type Seen = NonNullable<Action['seen']>;
export const failed = (failure: Failure) => ({ ok: false, failure }) as const;

/** Who the object is and at which state; null for what is no API object. */
export function identityOf(object: Json): Seen | null {
  const [uid, resourceVersion, generation] = ['uid', 'resourceVersion', 'generation'].map((key) => find(object, `/metadata/${key}`));
  if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return null;
  return { uid, resourceVersion, generation: typeof generation === 'number' ? generation : null, owner: controllerOf(object) };
}

function controllerOf(object: Json): string | null {
  const owners = find(object, '/metadata/ownerReferences');
  const controller = (Array.isArray(owners) ? owners : []).find((o) => find(o, '/controller') === true);
  const uid = controller === undefined ? undefined : find(controller, '/uid');
  return typeof uid === 'string' ? uid : null;
}

/**
 * Whether it is the same object at the same state of what people set. Status writes raise the resourceVersion of a crash-looping
 * workload all the time, so the generation counts where there is one.
 */
export function sameState(a: Seen, b: Seen): boolean {
  return (
    a.uid === b.uid &&
    a.owner === b.owner &&
    (a.generation === null || b.generation === null ? a.resourceVersion === b.resourceVersion : a.generation === b.generation)
  );
}

/** The same as tests the server makes in the moment of writing. */
export function stateTests(before: Json): JsonPatchOp[] {
  const seen = identityOf(before);
  if (seen === null) return [];
  return [
    { op: 'test', path: '/metadata/uid', value: seen.uid },
    seen.generation === null
      ? { op: 'test', path: '/metadata/resourceVersion', value: seen.resourceVersion }
      : { op: 'test', path: '/metadata/generation', value: seen.generation },
  ];
}

/** The review of one verb on the target. Empty for kinds that are not known: preparing the action refuses those with a sentence. */
export function need(spec: ActionSpec, verb: string, subresource?: string): AccessReview[] {
  const { target } = spec;
  const served = servedAt(target);
  if (served === undefined) return [];
  return [
    {
      verb,
      group: served.group,
      resource: served.resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      // A rule cannot grant "create" by name.
      ...(verb === 'create' || verb === 'list' ? {} : { name: target.name }),
    },
  ];
}

/** The live target, being the very object the plan means. */
export async function readTarget(spec: ActionSpec, context: string, rehearser: Rehearser): Promise<Outcome<Json>> {
  const { target } = spec;
  const live = await rehearser.read(context, target);
  if (!live.ok) return live;
  const seen = identityOf(live.value);
  if (seen === null)
    return failed({ code: 'invalid', message: `${refWords(target)} was answered without a uid; it cannot be told from another one.` });
  if (target.uid !== undefined && target.uid !== seen.uid)
    return failed({
      code: 'plan-drifted',
      message: `${refWords(target)} was deleted and created anew since: it has the uid ${seen.uid}, not ${target.uid}.`,
      hint: 'Diagnose again; a new plan is made for the new object.',
    });
  if (find(live.value, '/metadata/deletionTimestamp') !== undefined && spec.type !== 'delete')
    return failed({ code: 'invalid', message: `${refWords(target)} is being deleted; there is nothing to change in it.` });
  return { ok: true, value: live.value };
}

/** Why an action cannot be for this kind. */
export function wrongKind(target: ResourceRef, what: string, kinds: readonly string[]): Failure {
  return { code: 'invalid', message: `${refWords(target)} cannot be ${what}: that is for ${kinds.join(', ')}.` };
}
