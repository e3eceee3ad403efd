import { type ActionSpec, type JsonPatchOp, refWords } from '../../contract/index.ts';
import type { ActionKind } from '../ports/action.ts';
import { find } from './json-patch.ts';
import { failed, identityOf, need, readTarget, stateTests, wrongKind } from './target.ts';

type Restart = Extract<ActionSpec, { type: 'restart-rollout' }>;
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * The annotation whose change makes the controller replace the pods. Its value is the generation that is restarted, not a time: so the
 * dry run, the hash and the request that is sent are the same text.
 */
export const RESTARTED = 'quarterdeck.dev/restarted-generation';

export const restartRollout: ActionKind<Restart> = {
  type: 'restart-rollout',
  needs: (spec) => [...need(spec, 'get'), ...need(spec, 'patch')],
  prepare: async (spec, context, rehearser) => {
    const { target } = spec;
    if (!KINDS.includes(target.kind)) return failed(wrongKind(target, 'restarted', KINDS));
    const live = await readTarget(spec, context, rehearser);
    if (!live.ok) return live;
    const before = live.value;
    if (find(before, '/spec/paused') === true)
      return failed({
        code: 'invalid',
        message: `${refWords(target)} is paused; a restart would have no effect.`,
        hint: 'Resume its rollout first.',
      });
    const seen = identityOf(before);
    const value = String(seen?.generation ?? seen?.resourceVersion ?? '');
    const ops: JsonPatchOp[] = [...stateTests(before)];
    const meta = '/spec/template/metadata';
    if (find(before, meta) === undefined) ops.push({ op: 'add', path: meta, value: { annotations: { [RESTARTED]: value } } });
    else if (find(before, `${meta}/annotations`) === undefined)
      ops.push({ op: 'add', path: `${meta}/annotations`, value: { [RESTARTED]: value } });
    else ops.push({ op: 'add', path: `${meta}/annotations/${RESTARTED.replace('/', '~1')}`, value });
    return {
      ok: true,
      value: {
        request: { verb: 'patch', target, contentType: 'application/json-patch+json', body: ops },
        summary: `Replace the pods of ${refWords(target)} by new ones of the same template, in the order of its rollout`,
        before,
        undo: 'Nothing to take back: the template stays the same; the pods that were replaced cannot come back',
        after: (answer) => answer,
        inverse: () => [],
      },
    };
  },
};
