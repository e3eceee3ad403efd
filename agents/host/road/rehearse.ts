import {
  type Action,
  type ActionSpec,
  type ContextName,
  type Json,
  type Outcome,
  type Plan,
  refKey,
  refWords,
} from '../../contract/index.ts';
import { diffObjects } from '../../core/diff.ts';
import { managersOf } from '../../core/managed-by.ts';
import { actionKind } from '../actions/index.ts';
import { losesNothing } from '../actions/delete.ts';
import { failed, identityOf } from '../actions/target.ts';
import type { PreparedAction } from '../ports/action.ts';
import type { Rehearser } from '../ports/writer.ts';
import { TRIES, wasWritten } from './applied.ts';
import { ownersOf } from './owners.ts';

/** The actions of a plan with everything the host found out by asking the server what would be. */
export interface Rehearsal {
  readonly actions: readonly Action[];
  /** Indices of deletions that lose nothing. */
  readonly harmlessDeletes: ReadonlySet<number>;
  /** Who else looks after the targets. */
  readonly managedBy: Plan['managedBy'];
}

/** An action about which nothing was found out: its plan is refused. */
export function unrehearsed(spec: ActionSpec): Action {
  return {
    type: spec.type,
    target: spec.target,
    summary: `${spec.type} ${refWords(spec.target)}`,
    diff: '',
    undo: '',
    spec,
    inverse: null,
    seen: null,
  };
}

/** Asks the server about each action in order; changes nothing. Fails with the first action that would not work, saying why. */
export async function rehearse(
  context: ContextName,
  specs: readonly ActionSpec[],
  rehearser: Rehearser,
  now: number,
): Promise<Outcome<Rehearsal>> {
  const actions: Action[] = [];
  const harmlessDeletes = new Set<number>();
  const managedBy: Plan['managedBy'] = [];
  const deleted = new Set<string>();
  const asIfDeleted = without(rehearser, deleted);
  for (const [index, spec] of specs.entries()) {
    const asked = await prepareAndAsk(context, spec, asIfDeleted, rehearser);
    if (!asked.ok) return asked;
    const { prepared, answer } = asked.value;
    const { request, summary, before, undo } = prepared;
    const key = refKey(spec.target);
    // A dry run deletes nothing, so what is to be created in the place of a deleted object is still in conflict with it.
    const inPlaceOf = spec.type === 'create' && deleted.has(key);
    if (!answer.ok && !(inPlaceOf && answer.failure.code === 'conflict')) return answer;
    const after = answer.ok ? prepared.after(answer.value) : (request.body ?? null);
    const diff = diffObjects(before, after, refWords(spec.target));
    if (diff === '')
      return failed({
        code: 'invalid',
        message: `${summary}: the server accepts it, but nothing would change in ${refWords(spec.target)}.`,
        hint: 'An admission webhook or a controller may put the value back.',
      });
    if (spec.type === 'delete') {
      deleted.add(key);
      if (losesNothing(before)) harmlessDeletes.add(index);
    }
    const within = spec.type === 'create' ? await namespaceUid(context, spec, rehearser) : undefined;
    if (within?.ok === false) return within;
    const inverse = prepared.inverse(after);
    const seen = before === null ? null : identityOf(before);
    const owners = await ownersOf(context, before, rehearser);
    for (const manager of managersOf(before, touched(spec), now))
      if (!managedBy.some((m) => refKey(m.resource) === key && m.by === manager.by)) managedBy.push({ resource: spec.target, ...manager });
    actions.push({
      type: spec.type,
      target: seen === null ? spec.target : { ...spec.target, uid: seen.uid },
      summary,
      diff: answer.ok ? diff : `# From the manifest: the server cannot rehearse this before ${refWords(spec.target)} is deleted.\n${diff}`,
      undo,
      spec,
      inverse: inverse === null ? null : [...inverse],
      seen,
      ...(owners.length === 0 ? {} : { owners: [...owners] }),
      ...(within?.value === undefined ? {} : { within: within.value }),
    });
  }
  return { ok: true, value: { actions, harmlessDeletes, managedBy } };
}

/** The request, and what the server says of it: anew where its object was written between the two, as controllers write a status all the time. */
async function prepareAndAsk(
  context: ContextName,
  spec: ActionSpec,
  reader: Rehearser,
  rehearser: Rehearser,
): Promise<Outcome<{ readonly prepared: PreparedAction; readonly answer: Outcome<Json> }>> {
  for (let attempt = 1; ; attempt++) {
    const prepared = await actionKind(spec).prepare(spec, context, reader);
    if (!prepared.ok) return prepared;
    const answer = await rehearser.dryRun(context, prepared.value.request);
    const moved = !answer.ok && wasWritten(answer.failure.code, spec);
    if (!moved || attempt >= TRIES) return { ok: true, value: { prepared: prepared.value, answer } };
  }
}

/** The namespace that an object is created in: one of the same name made later is another one. */
async function namespaceUid(context: ContextName, { target }: ActionSpec, rehearser: Rehearser): Promise<Outcome<string | undefined>> {
  if (target.namespace === undefined) return { ok: true, value: undefined };
  const live = await rehearser.read(context, { apiVersion: 'v1', kind: 'Namespace', name: target.namespace });
  // One who may not read namespaces can tell them apart by nothing.
  if (!live.ok) return live.failure.code === 'forbidden' || live.failure.code === 'not-found' ? { ok: true, value: undefined } : live;
  return { ok: true, value: identityOf(live.value)?.uid };
}

/** The fields an action is about, as JSON pointers. */
function touched(spec: ActionSpec): readonly string[] {
  switch (spec.type) {
    case 'patch':
      return spec.ops.filter((op) => op.op !== 'test').map((op) => op.path);
    case 'scale':
      return ['/spec/replicas'];
    case 'restart-rollout':
    case 'undo-rollout':
      return ['/spec/template'];
    case 'create':
    case 'delete':
      return [''];
  }
}

/** A rehearser to which the deleted objects are gone. */
function without(rehearser: Rehearser, deleted: ReadonlySet<string>): Rehearser {
  const read = (context: ContextName, ref: Parameters<Rehearser['read']>[1]): Promise<Outcome<Json>> =>
    deleted.has(refKey(ref))
      ? Promise.resolve(failed({ code: 'not-found', message: `${refWords(ref)} is deleted by an earlier action of this plan.` }))
      : rehearser.read(context, ref);
  return {
    access: (c, r) => rehearser.access(c, r),
    rules: (c, n) => rehearser.rules(c, n),
    list: (c, r, l) => rehearser.list(c, r, l),
    dryRun: (c, r) => rehearser.dryRun(c, r),
    read,
  };
}
