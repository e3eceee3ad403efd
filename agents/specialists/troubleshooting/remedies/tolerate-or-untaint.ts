import { defineRemedy } from '../../../core/agent.ts';

export const tolerateOrUntaint = defineRemedy({
  name: 'tolerate-or-untaint',
  codes: ['SCH-003'],
  kinds: [],
  doc: `A taint is somebody's decision about who may run on a node; whether to lift it or to be let in does not follow from the
cluster. So this is advice, with the exact taint.`,
  run: ({ finding }) => {
    const taint = String(finding.params['taint'] ?? '');
    const node = finding.subject.kind === 'Node' ? finding.subject.name : 'NODE';
    return {
      advice: `If these pods may run there, add a toleration for ${taint} to their template; if the taint has had its day, remove it: kubectl taint node ${node} ${taint}-`,
    };
  },
});
