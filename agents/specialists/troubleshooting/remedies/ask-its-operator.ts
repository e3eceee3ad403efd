import { refWords } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';

export const askItsOperator = defineRemedy({
  name: 'ask-its-operator',
  codes: ['CRX-001'],
  kinds: ['CustomResourceDefinition'],
  doc: `Never a plan: what a custom resource may say is known to its operator alone. It says where to look.`,
  run: ({ finding: { subject, params } }) => ({
    advice:
      subject.kind === 'CustomResourceDefinition'
        ? `Look at the controller of ${subject.name}: whether its pods run, what they log, and what they need. That many objects fail alike is seldom their own doing.`
        : params['over'] === true
          ? `${refWords(subject)} is a run that is over, and will not mend itself: read its own log or report (velero backup logs, tkn pipelinerun logs and the like, or the log of its controller at that time) for what failed, put that right, and run it again. Until then what it should have done is not done.`
          : `Read what ${refWords(subject)} says, correct in ${params['partOf'] === undefined ? 'its spec' : `the spec of ${String(params['partOf'])}, of which it is a part,`} what it names, or supply what it lacks. Quarterdeck does not know this kind; the log of its controller may say more.`,
  }),
});
