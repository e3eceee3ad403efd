import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { CONFIG_KINDS, configReferences, keysOf } from '../config-references.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

const KIND_STEPS = {
  ConfigMap: ['configMapKeyRef', 'configMapRef', 'configMap'],
  Secret: ['secretKeyRef', 'secretRef', 'secret'],
} as const;
const OTHER = { ConfigMap: 'Secret', Secret: 'ConfigMap' } as const;

export const correctConfigReference = defineRemedy({
  name: 'correct-config-reference',
  codes: ['CFG-001', 'CFG-002', 'CFG-003', 'CFG-004'],
  kinds: CONFIG_KINDS,
  doc: `Names what exists instead of what does not: the object or key of a nearly equal name where just one is near, or the object of the
same name and the other kind. What the values should be is nobody's to invent.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { kind, wanted, meant, asOther, object } = finding.params;
    if (w === undefined || typeof wanted !== 'string' || (kind !== 'ConfigMap' && kind !== 'Secret')) return undefined;
    const what = typeof object === 'string' ? `key ${wanted} in ${kind} ${object}` : `${kind} ${wanted}`;
    const fields = String(finding.params['fields'] ?? finding.field ?? '').split('\n');
    let ops: JsonPatchOp[] | undefined;
    let title = '';
    if (asOther === true) {
      const references = configReferences(w);
      const keyAt = (field: string) => references.find((r) => r.nameField === field)?.key;
      ops = otherKind(fields, kind, wanted, keysOf(view, OTHER[kind], w.namespace, wanted) ?? [], keyAt);
      title = `Take ${wanted} from the ${kind === 'ConfigMap' ? 'Secret' : 'ConfigMap'} of that name`;
    } else if (typeof meant === 'string') {
      ops = fields.flatMap((field) => replaceValue(field, wanted, meant));
      title = `Name ${meant} instead of ${wanted}`;
    }
    const advice = `Create ${what} in namespace ${w.namespace} with the values the workload expects, or correct ${finding.field ?? 'the reference'}.`;
    if (ops === undefined) return { advice };
    const keys = typeof object === 'string' ? keysOf(view, kind, w.namespace, object) : undefined;
    return changeOrAdvice(w, ops, {
      remedy: 'correct-config-reference',
      title,
      because: `${what} does not exist${keys === undefined ? '' : `; ${String(object)} has ${keys.join(', ')}`}, and ${asOther === true ? 'the other kind has one of that name' : `${String(meant)} is the only one with a nearly equal name`}`,
      verify: [finding.code],
    });
  },
});

/** Moves references that are a kind and a name, or a kind, a name and a key, to the other kind. Volumes keep their items by hand. */
function otherKind(
  fields: readonly string[],
  kind: 'ConfigMap' | 'Secret',
  name: string,
  keys: readonly string[],
  keyAt: (field: string) => string | undefined,
): JsonPatchOp[] | undefined {
  const to = OTHER[kind];
  const ops: JsonPatchOp[] = [];
  for (const field of fields) {
    const steps = field.split('.');
    const leaf = steps.at(-2);
    const at = KIND_STEPS[kind].findIndex((s) => s === leaf);
    const into = KIND_STEPS[to][at];
    const key = at === 0 ? keyAt(field) : undefined;
    // A key that the other kind lacks would only be the next fault.
    if (into === undefined || at > 1 || (at === 0 && (key === undefined || !keys.includes(key)))) return undefined;
    const base = steps.slice(0, -2).join('.');
    ops.push(
      { op: 'test', path: pointer(field), value: name },
      { op: 'remove', path: pointer(`${base}.${leaf ?? ''}`) },
      { op: 'add', path: pointer(`${base}.${into}`), value: key === undefined ? { name } : { name, key } },
    );
  }
  return ops;
}
