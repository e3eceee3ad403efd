import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { changeOrAdvice } from '../template-change.ts';

export const supplyEnvironment = defineRemedy({
  name: 'supply-environment',
  codes: ['POD-002', 'CFG-015'],
  kinds: CONFIG_KINDS,
  doc: `Takes the variable from the one ConfigMap or Secret of the namespace that has a key of exactly that name, or renames the one variable
that is set under a nearly equal name. A value is never invented.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { variable, meant, container, path } = finding.params;
    if (w === undefined || typeof variable !== 'string' || typeof path !== 'string' || typeof container !== 'string') return undefined;
    const spec = [...w.template.spec.containers, ...w.template.spec.initContainers].find((c) => c.name === container);
    if (spec === undefined) return undefined;
    const sources = [
      ...view
        .list('ConfigMap', w.namespace)
        .filter((m) => m.data.some((k) => k.name === variable))
        .map((m) => ({ key: 'configMapKeyRef', kind: 'ConfigMap', name: m.metadata.name })),
      ...view
        .list('Secret', w.namespace)
        .filter((m) => m.data.some((k) => k.name === variable))
        .map((m) => ({ key: 'secretKeyRef', kind: 'Secret', name: m.metadata.name })),
    ];
    const [source] = sources;
    const index = spec.env.findIndex((e) => e.name === meant);
    let ops: JsonPatchOp[] | undefined;
    let title = '';
    let because = '';
    if (source !== undefined && sources.length === 1) {
      const entry = { name: variable, valueFrom: { [source.key]: { name: source.name, key: variable } } };
      ops =
        spec.env.length === 0
          ? [{ op: 'add', path: pointer(`${path}.env`), value: [entry] }]
          : [{ op: 'add', path: `${pointer(`${path}.env`)}/-`, value: entry }];
      title = `Give ${container} the variable ${variable} from ${source.kind} ${source.name}`;
      because = `${source.kind} ${source.name} is the only object of namespace ${w.namespace} with a key ${variable}`;
    } else if (typeof meant === 'string' && index >= 0) {
      const at = pointer(`${path}.env[${index}].name`);
      ops = [
        { op: 'test', path: at, value: meant },
        { op: 'replace', path: at, value: variable },
      ];
      title = `Rename the variable ${meant} of ${container} to ${variable}`;
      because = `${finding.code === 'POD-002' ? 'the program asks for' : 'it refers to'} ${variable}, and ${meant} is the only variable it is given under a nearly equal name`;
    }
    const advice = `Supply the value of ${variable} for container ${container}: in its env, or in a ConfigMap or Secret it is taken from.`;
    if (ops === undefined) return { advice };
    return changeOrAdvice(w, ops, {
      remedy: 'supply-environment',
      title,
      because,
      verify: [...new Set([finding.code, 'POD-003' as const])],
    });
  },
});
