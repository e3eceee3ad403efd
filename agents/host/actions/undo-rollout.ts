import { type ActionSpec, type Json, type JsonPatchOp, refWords } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';
import { revisionOf } from '../../core/workloads.ts';
import type { ActionKind } from '../ports/action.ts';
import { sha256 } from '../store/chain.ts';
import { applyPatch, find, revertPatch, sameJson } from './json-patch.ts';
import { failed, identityOf, need, readTarget, stateTests, wrongKind } from './target.ts';

type Undo = Extract<ActionSpec, { type: 'undo-rollout' }>;

/**
 * Puts the pod template of an earlier revision of a Deployment back, as `kubectl rollout undo` does: the template of the ReplicaSet with
 * that revision, without the label its controller added. Annotations of the Deployment (change-cause) stay as they are.
 */
export const undoRollout: ActionKind<Undo> = {
  type: 'undo-rollout',
  needs: (spec) => [
    ...need(spec, 'get'),
    ...need(spec, 'patch'),
    ...need({ ...spec, target: { ...spec.target, kind: 'ReplicaSet' } }, 'list'),
  ],
  prepare: async (spec, context, rehearser) => {
    const { target, revision } = spec;
    if (target.kind !== 'Deployment') return failed(wrongKind(target, 'taken back to a revision', ['Deployment']));
    const live = await readTarget(spec, context, rehearser);
    if (!live.ok) return live;
    const before = live.value;
    if (find(before, '/spec/paused') === true)
      return failed({
        code: 'invalid',
        message: `${refWords(target)} is paused; its revision cannot be changed.`,
        hint: 'Resume its rollout first.',
      });
    const now = find(before, '/spec/template') ?? null;
    if (spec.onlyIf !== undefined && spec.onlyIf !== templateHash(now))
      return failed({
        code: 'plan-drifted',
        message: `The pod template of ${refWords(target)} is not the one that was set; it is left as it is.`,
        hint: 'Somebody has changed it since; decide what it should be.',
      });
    const labels = find(before, '/spec/selector/matchLabels');
    const sets = await rehearser.list(context, { ...target, kind: 'ReplicaSet' }, (labels ?? {}) as Record<string, string>);
    if (!sets.ok) return sets;
    const uid = identityOf(before)?.uid;
    const owned = sets.value.filter((rs) => ((find(rs, '/metadata/ownerReferences') ?? []) as Json[]).some((o) => find(o, '/uid') === uid));
    const revisions = owned.map(revisionNumber);
    const template = find(owned[revisions.indexOf(revision)] ?? null, '/spec/template');
    if (template === undefined)
      return failed({
        code: 'not-found',
        message: `${refWords(target)} has no revision ${revision} any more; there are ${revisions.sort((a, b) => a - b).join(', ') || 'none'}.`,
      });
    const wanted = withoutHash(template);
    if (sameJson(now, wanted))
      return failed({ code: 'plan-drifted', message: `${refWords(target)} has the template of revision ${revision} already.` });
    const ops: JsonPatchOp[] = [{ op: 'replace', path: '/spec/template', value: wanted }];
    const [from, to] = [imagesOf(now), imagesOf(wanted)];
    return {
      ok: true,
      value: {
        request: { verb: 'patch', target, contentType: 'application/json-patch+json', body: [...stateTests(before), ...ops] },
        summary: `Put revision ${revision} of ${refWords(target)} back${from === to ? '' : ` (${to} instead of ${from})`}`,
        before,
        undo: `Put the present pod template (revision ${revisionNumber(before)}) back`,
        after: (answer) => answer,
        inverse: (after) => {
          const present = revisionNumber(before);
          const left = templateHash(find(after, '/spec/template') ?? null);
          // By its number: the template itself may hold values that are nobody's to keep.
          if (present > 0) return [{ type: 'undo-rollout', target, revision: present, onlyIf: left }];
          const back = revertPatch(before, after, ops);
          return back.length === 0 ? [] : [{ type: 'patch', target, ops: back }];
        },
      },
    };
  },
};

/** SHA-256, hex, of a pod template without the label of its controller: what `onlyIf` is compared with. */
export const templateHash = (template: Json): string => sha256(canonical(withoutHash(template)));

function revisionNumber(object: Json): number {
  return revisionOf({ metadata: { annotations: (find(object, '/metadata/annotations') ?? {}) as Record<string, string> } });
}

/** The label by which a Deployment's controller tells its ReplicaSets apart; never part of the Deployment's own template. */
function withoutHash(template: Json): Json {
  const removed = applyPatch(template, [{ op: 'remove', path: '/metadata/labels/pod-template-hash' }]);
  return removed.ok ? removed.value : template;
}

function imagesOf(template: Json): string {
  return ((find(template, '/spec/containers') ?? []) as Json[]).map((c) => String(find(c, '/image') ?? '')).join(', ');
}
