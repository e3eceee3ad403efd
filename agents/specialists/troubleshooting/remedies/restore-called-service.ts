import type { JsonPatchOp, PlanDraft } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { replaceValue } from '../template-change.ts';

export const restoreCalledService = defineRemedy({
  name: 'restore-called-service',
  codes: ['ADM-002', 'API-001', 'API-002'],
  kinds: WORKLOAD_KINDS,
  doc: `Brings back what the API server calls: scales the workload behind the Service up again, or names the Service or port that exists
instead of what does not, where just one comes into question. A webhook or an API registration is never removed, and a webhook never made
to let everything pass: what it guards is not ours to open.`,
  run: ({ finding }) => {
    const { fault, field, service, namespace, meant, port, right } = finding.params;
    const plan = (title: string, because: string, actions: PlanDraft['actions'], atLeastRisk: PlanDraft['atLeastRisk']) => ({
      plans: [{ remedy: 'restore-called-service', title, because, actions, verify: [finding.code], stableForSeconds: 10, atLeastRisk }],
    });
    switch (fault) {
      case 'scaled-to-zero':
        return plan(
          `Scale ${finding.subject.kind} ${finding.subject.name} from 0 to 1`,
          `${finding.message}. One replica answers; how many there were is not known here`,
          [{ type: 'scale', target: finding.subject, replicas: 1 }],
          'medium',
        );
      case 'service-missing':
        if (typeof meant === 'string' && typeof service === 'string' && typeof field === 'string')
          return plan(
            `Call Service ${meant} instead of ${service}`,
            `Service ${service} does not exist in namespace ${String(namespace)}, and ${meant} is the only one that serves under a nearly equal name`,
            [{ type: 'patch', target: finding.subject, ops: replaceValue(`${field}.name`, service, meant) }],
            'high',
          );
        return {
          advice: `Restore Service ${String(namespace)}/${String(service)} and what is behind it. If what it belonged to was removed for good, whoever answers for ${finding.subject.kind} ${finding.subject.name} removes that as well.`,
        };
      case 'port-missing': {
        if (typeof right !== 'number' || typeof field !== 'string')
          return { advice: `Set ${String(field)}.port to the port of Service ${String(namespace)}/${String(service)} that answers.` };
        const ops: JsonPatchOp[] =
          typeof port === 'number'
            ? replaceValue(`${field}.port`, port, right)
            : [{ op: 'add', path: pointer(`${field}.port`), value: right }];
        return plan(
          `Call port ${right}`,
          `${finding.message}; ${right} is the only one there is`,
          [{ type: 'patch', target: finding.subject, ops }],
          'high',
        );
      }
      case 'no-endpoints':
        return {
          advice: `Get the pods behind Service ${String(namespace)}/${String(service)} ready: until then ${finding.title.toLowerCase()}.`,
        };
      case 'late':
        return {
          advice: `See why what is behind the webhook is slow or does not answer: its log, its load, and whether the API server reaches it.`,
        };
      case 'plain':
        return {
          advice: `Point the Service's targetPort at the port that speaks TLS, or have what is behind it serve TLS: the API server calls webhooks in no other way.`,
        };
      default:
        return undefined;
    }
  },
});
