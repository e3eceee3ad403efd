import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';

export const headlessServiceMissing = defineCheck({
  code: 'STS-001',
  title: 'The Service that names the pods of a StatefulSet does not exist',
  severity: 'medium',
  role: 'cause',
  kinds: ['StatefulSet', 'Service'],
  hypothesis: 'the Service that gives its pods their names is missing',
  doc: `A StatefulSet's pods are known by names like db-0.db, which come from the headless Service in spec.serviceName. Without it the pods start and
their names do not resolve, so that peers do not find each other. The field cannot be changed; the Service can be made.`,
  run: ({ view, now, passed }) =>
    view.list('StatefulSet').flatMap((set): FindingDraft[] => {
      const { serviceName } = set.spec;
      const { namespace } = set.metadata;
      const ref = refOf(set);
      if (serviceName === undefined || serviceName === '' || isNew(set, now) || !view.complete('Service', namespace)) return [];
      if (view.get('Service', namespace, serviceName) !== undefined) {
        passed(ref, `Service ${serviceName} is there`);
        return [];
      }
      const near = nearest(
        serviceName,
        view.list('Service', namespace).map((s) => s.metadata.name),
      );
      return [
        {
          subject: ref,
          field: 'spec.serviceName',
          affects: [],
          message: `Service ${serviceName}, which gives the pods of the StatefulSet their names, does not exist, so ${set.metadata.name}-0.${serviceName} does not resolve${near === undefined ? '' : `; there is ${near}`}`,
          evidence: [fieldEvidence(ref, 'spec.serviceName', serviceName)],
          confidence: 0.93,
          params: { wanted: serviceName, kind: 'Service' },
        },
      ];
    }),
});
