import { defineRemedy } from '../../../core/agent.ts';

export const putBackTheValue = defineRemedy({
  name: 'put-back-the-value',
  codes: ['CFG-030', 'DNS-003'],
  kinds: ['ConfigMap', 'Secret'],
  doc: `Values of ConfigMaps and Secrets are not kept, only that they differ: which key a person must put back, and what to do then.`,
  run: ({ finding }) => {
    const { kind, name } = finding.subject;
    const keys = String(finding.params['keys']);
    return {
      advice: `put back what was in ${kind} ${name} under ${keys} before, from where its values are kept (a repository, the person who changed it): the record says that they differ, not what they were. The failing pods take it up when they start again.`,
    };
  },
});
