import { type ActionSpec, type Json, refWords } from '../../contract/index.ts';
import type { ActionKind } from '../ports/action.ts';
import { find } from './json-patch.ts';
import { apiPath } from './served.ts';
import { failed, need } from './target.ts';

type Create = Extract<ActionSpec, { type: 'create' }>;

/** What the server or its controllers set: a name nobody has seen, ties to other objects, states that are not so. */
const NOT_STATED = [
  'generateName',
  'ownerReferences',
  'finalizers',
  'uid',
  'resourceVersion',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
];

/** Creates an object that does not exist; one that does is a conflict, never overwritten. */
export const create: ActionKind<Create> = {
  type: 'create',
  needs: (spec) => [...need(spec, 'get'), ...need(spec, 'create')],
  prepare: async (spec, context, rehearser) => {
    const { target, manifest } = spec;
    if (apiPath(target) === undefined)
      return failed({ code: 'invalid', message: `Quarterdeck does not know how to create ${refWords(target)} (${target.apiVersion}).` });
    const meta = find(manifest, '/metadata');
    const body = {
      ...manifest,
      apiVersion: target.apiVersion,
      kind: target.kind,
      metadata: {
        ...(meta as { [key: string]: Json } | undefined),
        name: target.name,
        ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
      },
    };
    const notOurs = NOT_STATED.find((key) => find(meta ?? null, `/${key}`) !== undefined);
    if (notOurs !== undefined || manifest['status'] !== undefined)
      return failed({
        code: 'plan-refused',
        message: `The manifest of ${refWords(target)} states ${notOurs === undefined ? 'a status' : `metadata.${notOurs}`}, which is not a plan's to set.`,
      });
    const odd = ['apiVersion', 'kind', 'metadata'].find(
      (key) => manifest[key] !== undefined && !agrees(manifest[key], body[key as keyof typeof body]),
    );
    if (odd !== undefined)
      return failed({
        code: 'invalid',
        message: `The manifest's ${odd} is not that of ${refWords(target)}: a plan creates what it names.`,
      });
    const there = await rehearser.read(context, target);
    if (there.ok)
      return failed({
        code: 'conflict',
        message: `${refWords(target)} is there already.`,
        hint: 'Diagnose again; somebody may have created it.',
      });
    if (there.failure.code !== 'not-found') return there;
    return {
      ok: true,
      value: {
        request: { verb: 'create', target, contentType: 'application/json', body },
        summary: `Create ${refWords(target)}`,
        before: null,
        undo: `Delete ${refWords(target)} again`,
        after: (answer) => answer,
        inverse: () => [{ type: 'delete', target }],
      },
    };
  },
};

/** Every value the manifest states is the one of the body that will be sent. */
function agrees(stated: Json | undefined, sent: Json): boolean {
  if (typeof stated !== 'object' || stated === null || Array.isArray(stated)) return stated === sent;
  return ['name', 'namespace'].every((key) => stated[key] === undefined || stated[key] === find(sent, `/${key}`));
}
