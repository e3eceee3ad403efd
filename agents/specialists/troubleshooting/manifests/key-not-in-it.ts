import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { workloads } from '../../../core/workloads.ts';
import { CONFIG_KINDS, configReferences, keysOf } from '../config-references.ts';
import { names } from '../scheduling-evidence.ts';

export const keyNotInIt = defineCheck({
  code: 'FIL-002',
  title: 'A key that the ConfigMap or Secret in these files lacks',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'it asks for a key that is not there',
  doc: `Of files that people write: a container or volume asks for a key, the ConfigMap or Secret is among the files, and the key is not in
it. A pod made from these files would not start.`,
  run: ({ view }) =>
    workloads(view).flatMap((w) =>
      configReferences(w).flatMap((reference): FindingDraft[] => {
        const { kind, name, key, keyField, optional } = reference;
        const keys = key === undefined || optional ? undefined : keysOf(view, kind, w.namespace, name);
        if (keys === undefined || key === undefined || keys.includes(key)) return [];
        const meant = nearest(key, keys);
        return [
          {
            subject: w.ref,
            field: keyField,
            affects: [],
            message: `${kind} ${name} in these files has no key ${key}, needed for ${reference.use}; ${meant === undefined ? `its keys are ${keys.length === 0 ? 'none' : names(keys)}` : `did you mean ${meant}?`}`,
            evidence: [{ kind: 'field', resource: w.ref, source: keyField, text: `key: ${key}` }],
            confidence: 0.9,
            params: { wanted: key, object: name, kind },
          },
        ];
      }),
    ),
});
