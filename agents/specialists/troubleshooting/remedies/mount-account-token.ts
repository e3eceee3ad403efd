import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { TOKEN_KINDS } from '../checks/service-account-token-not-mounted.ts';
import { changeOrAdvice } from '../template-change.ts';

export const mountAccountToken = defineRemedy({
  name: 'mount-account-token',
  codes: ['RBC-002'],
  kinds: TOKEN_KINDS,
  doc: `Lets the token be mounted into the pods of this workload alone; the account's own setting stays for the others.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    if (w === undefined || finding.field === undefined) return undefined;
    const path = pointer(finding.field);
    return changeOrAdvice(
      w,
      finding.params['inPod'] === true
        ? [
            { op: 'test', path, value: false },
            { op: 'replace', path, value: true },
          ]
        : [{ op: 'add', path, value: true }],
      {
        remedy: 'mount-account-token',
        title: `Mount the token of its account into the pods of ${w.object.kind} ${w.name}`,
        because: `its program looks for the token and ends without it. With the token it may do at the API server what its account may`,
        verify: ['RBC-002'],
      },
    );
  },
});
