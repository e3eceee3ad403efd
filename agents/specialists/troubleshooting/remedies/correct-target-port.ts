import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { replaceValue } from '../template-change.ts';

export const correctTargetPort = defineRemedy({
  name: 'correct-target-port',
  codes: ['SVC-003'],
  kinds: ['Service'],
  doc: `Sends the Service's port to the port the pods listen on, where exactly one comes into question.`,
  run: ({ finding, view }) => {
    const { index, written, wrong, right } = finding.params;
    const service = view.get('Service', finding.subject.namespace, finding.subject.name);
    const port = service?.spec.ports[Number(index)];
    if (port === undefined || finding.field === undefined || (typeof wrong !== 'string' && typeof wrong !== 'number')) return undefined;
    if (typeof right !== 'string' && typeof right !== 'number')
      return { advice: `Set ${finding.field} to the port the program listens on; several come into question, or none is declared.` };
    const add: JsonPatchOp = { op: 'add', path: pointer(finding.field), value: right };
    return {
      plans: [
        {
          remedy: 'correct-target-port',
          title: `Send port ${port.port} to ${right} instead of ${wrong}`,
          because: finding.message,
          actions: [{ type: 'patch', target: finding.subject, ops: written === true ? replaceValue(finding.field, wrong, right) : [add] }],
          verify: ['SVC-003'],
          stableForSeconds: 10,
          atLeastRisk: 'medium',
        },
      ],
    };
  },
});
