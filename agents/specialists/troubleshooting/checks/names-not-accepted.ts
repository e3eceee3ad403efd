import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { names } from '../scheduling-evidence.ts';

export const namesNotAccepted = defineCheck({
  code: 'API-003',
  title: 'A CustomResourceDefinition is not served',
  severity: 'high',
  role: 'cause',
  kinds: ['CustomResourceDefinition'],
  hypothesis: 'its definition is not served',
  doc: `A definition whose names another one of the same group has already is stored and never served; one whose schema is not structural
loses what people write. The server says so only in the definition's own conditions.`,
  run: ({ view, passed }) => {
    const all = view.list('CustomResourceDefinition');
    return all.flatMap((crd): FindingDraft[] => {
      const { names: own, group } = crd.spec;
      const bad = crd.status.conditions.filter(
        (c) =>
          (c.type === 'NamesAccepted' && c.status === 'False') ||
          (c.type === 'Established' && c.status === 'False' && c.reason !== 'Installing'),
      );
      const [condition] = bad;
      if (crd.metadata.deletionTimestamp != null) return [];
      if (condition === undefined) {
        passed(refOf(crd), 'its names are accepted');
        return [];
      }
      const rivals = all.filter(
        (o) =>
          o !== crd &&
          o.spec.group === group &&
          (o.spec.names.kind === own.kind ||
            o.spec.names.plural === own.plural ||
            o.spec.names.shortNames.some((s) => own.shortNames.includes(s))),
      );
      return [
        {
          subject: refOf(crd),
          field: 'spec.names',
          affects: [],
          message: `CustomResourceDefinition ${crd.metadata.name} is not served: ${condition.message ?? condition.reason ?? 'its names are not accepted'}${rivals.length === 0 ? '' : `; ${names(rivals.map((r) => r.metadata.name))} has them`}`,
          evidence: bad.map((c) => fieldEvidence(refOf(crd), `status.conditions[${c.type}]`, `${c.reason ?? ''}: ${c.message ?? ''}`)),
          confidence: 0.9,
        },
      ];
    });
  },
});
