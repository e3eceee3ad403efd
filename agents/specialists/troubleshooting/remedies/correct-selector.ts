import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { field, pointer } from '../../../core/paths.ts';
import { matchesLabels } from '../../../core/selectors.ts';
import { workloads } from '../../../core/workloads.ts';
import { meantFor } from '../meant-workload.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, podLabels } from '../service-pods.ts';
import { replaceValue } from '../template-change.ts';

export const correctSelector = defineRemedy({
  name: 'correct-selector',
  codes: ['SVC-001', 'SVC-002'],
  kinds: SERVICE_KINDS,
  doc: `Writes into the selector the labels that the pods carry, changing only the keys that differ, where one workload was clearly meant
and nothing else would be selected; or adds the label that tells the serving pods from the others.`,
  run: ({ finding, view }) => {
    const service = view.get('Service', finding.subject.namespace, finding.subject.name);
    if (service === undefined) return undefined;
    const near = workloads(view, service.metadata.namespace ?? '');
    if (finding.code === 'SVC-002') {
      const { key, value } = finding.params;
      if (typeof key !== 'string' || typeof value !== 'string')
        return {
          advice:
            'No label tells the pods that serve from the others: give the serving workload a label of its own in its template and add it to spec.selector.',
        };
      const at = field('spec.selector', key);
      const was = service.spec.selector[key];
      const ops: JsonPatchOp[] = was === undefined ? [{ op: 'add', path: pointer(at), value }] : replaceValue(at, was, value);
      return {
        plans: [
          {
            remedy: 'correct-selector',
            title: `Select only pods with ${key}=${value}`,
            because: finding.message,
            actions: [{ type: 'patch', target: finding.subject, ops }],
            verify: ['SVC-002'],
            stableForSeconds: 10,
            atLeastRisk: 'medium',
          },
        ],
      };
    }
    const meant = meantFor(service, near);
    if (meant === undefined)
      return {
        advice: `Correct spec.selector to the labels of the pods that are to serve, give those pods the labels, or delete the Service if nothing is to stand behind it.`,
      };
    const strays = near.filter((w) => w !== meant.workload && matchesLabels(meant.selector, podLabels(w)));
    if (strays.length > 0)
      return {
        advice: `${names(meant.changes.map((c) => `${c.toKey}=${c.to}`))} would be selected, but ${names(strays.map((w) => `${w.object.kind} ${w.name}`))} carries those labels too: choose labels that only the serving pods have.`,
      };
    const ops = meant.changes.flatMap(({ key, value, toKey, to }): JsonPatchOp[] =>
      key === toKey
        ? replaceValue(field('spec.selector', key), value, to)
        : [
            { op: 'test', path: pointer(field('spec.selector', key)), value },
            { op: 'remove', path: pointer(field('spec.selector', key)) },
            { op: 'add', path: pointer(field('spec.selector', toKey)), value: to },
          ],
    );
    return {
      plans: [
        {
          remedy: 'correct-selector',
          title: `Select ${names(meant.changes.map((c) => `${c.toKey}=${c.to}`))} instead of ${names(meant.changes.map((c) => `${c.key}=${c.value}`))}`,
          because: `the pods of ${meant.workload.object.kind} ${meant.workload.name} carry these labels, and no other workload does`,
          actions: [{ type: 'patch', target: finding.subject, ops }],
          verify: ['SVC-001'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
