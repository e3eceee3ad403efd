import { LineCounter, parseDocument } from 'yaml';
import { type Action, type ActionSpec, type Failure, type Json, type Outcome, type Plan, refKey, refWords } from '../contract/index.ts';
import { editOps, notForEditing } from '../core/edit.ts';
import { find } from './actions/json-patch.ts';
import type { AppParts } from './app-parts.ts';
import { rehearse } from './road/rehearse.ts';

/** An object as somebody was shown it, and as they would have it. */
export interface Edit {
  readonly context: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The plans that people make themselves are of this agent, which is nobody's thread. */
const PERSON = 'person';

type Parts = Pick<AppParts, 'ports' | 'orchestrator'>;

/** What the server would make of it; nothing is kept. */
export async function rehearseEdit(edit: Edit, { ports }: Parts): Promise<Outcome<Pick<Action, 'summary' | 'diff' | 'undo'>>> {
  const spec = await specOf(edit, ports);
  if (!spec.ok) return spec;
  const rehearsed = await rehearse(edit.context, [spec.value], ports.writer, ports.clock.now());
  if (!rehearsed.ok) return rehearsed;
  const [{ summary, diff, undo } = { summary: '', diff: '', undo: '' }] = rehearsed.value.actions;
  return { ok: true, value: { summary, diff, undo } };
}

/** The plan of it, which waits for approval; a refusal is a failure that says why. */
export async function proposeEdit(edit: Edit & { readonly by: string }, parts: Parts): Promise<Outcome<Plan>> {
  const spec = await specOf(edit, parts.ports);
  if (!spec.ok) return spec;
  const because = `${edit.by} edited ${refWords(spec.value.target)}.`;
  return proposeOwn({ context: edit.context, by: edit.by, remedy: 'edit', spec: spec.value, because }, parts);
}

/** A change that a person thought of, and no remedy. */
interface Own {
  readonly context: string;
  readonly by: string;
  readonly remedy: string;
  readonly spec: ActionSpec;
  readonly because: string;
}

/** Rehearses it, and proposes it as a plan like any other. */
export async function proposeOwn({ context, by, remedy, spec, because }: Own, { ports, orchestrator }: Parts): Promise<Outcome<Plan>> {
  const { target } = spec;
  // Tried first, so that what cannot work leaves no trace in the log.
  const rehearsed = await rehearse(context, [spec], ports.writer, ports.clock.now());
  if (!rehearsed.ok) return rehearsed;
  const plan = await orchestrator.road.propose({
    context,
    incident: { id: `edit-${refKey(target)}` },
    agent: PERSON,
    by,
    fresh: true,
    draft: {
      remedy,
      title: rehearsed.value.actions[0]?.summary ?? `Change ${refWords(target)}`,
      because,
      actions: [spec],
      verify: [],
      stableForSeconds: 1,
      atLeastRisk: 'low',
    },
  });
  if (plan.state === 'refused')
    return { ok: false, failure: plan.failure ?? { code: 'plan-refused', message: plan.reason ?? 'The plan was refused.' } };
  if (plan.state !== 'awaitingApproval')
    return refused('conflict', `${plan.id}, an earlier change of ${refWords(target)}, is still on its way.`, 'Wait until it is settled.');
  return { ok: true, value: plan };
}

async function specOf(edit: Edit, { kube }: AppParts['ports']): Promise<Outcome<ActionSpec>> {
  const before = parsed(edit.before);
  if (!before.ok) return before;
  const after = parsed(edit.after);
  if (!after.ok) return after;
  const kinds = await kube.kinds(edit.context, false);
  if (!kinds.ok) return kinds;
  const [apiVersion, kind, uid] = ['/apiVersion', '/kind', '/metadata/uid'].map((path) => find(before.value, path));
  const served = kinds.value.kinds.find((k) => k.kind === kind && k.apiVersion === apiVersion);
  if (served === undefined || find(before.value, '/metadata/name') !== edit.name)
    return refused('bad-input', `What was shown is not ${edit.kind} ${edit.name} as ${edit.context} serves it.`, 'Read it again.');
  const ops = editOps(before.value, after.value);
  if (ops.length === 0) return refused('bad-input', 'Nothing was changed.', 'Change something in the YAML first.');
  const wrong = notForEditing(served.kind, ops);
  if (wrong !== undefined) return refused('bad-input', wrong);
  return {
    ok: true,
    value: {
      type: 'patch',
      target: {
        apiVersion: served.apiVersion,
        kind: served.kind,
        ...(served.namespaced && edit.namespace !== undefined ? { namespace: edit.namespace } : {}),
        name: edit.name,
        ...(typeof uid === 'string' ? { uid } : {}),
        resource: served.resource,
      },
      ops: [...ops],
    },
  };
}

/** One YAML document; what is wrong with it by line and column. */
function parsed(text: string): Outcome<Json> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return refused('bad-input', `Line ${line}, column ${col}: ${sentence(error.message)}`, 'The YAML cannot be read; nothing was sent.');
  }
  const value = document.toJS({ maxAliasCount: 100 }) as Json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused('bad-input', 'Line 1, column 1: here is no object.', 'An object begins with apiVersion, kind and metadata.');
  return { ok: true, value };
}

const sentence = (message: string) => `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.?$/, '.')}`;

function refused(code: Failure['code'], message: string, hint?: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
