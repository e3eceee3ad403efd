import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { backendsOf } from '../ingress-backends.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

export const ingressBackendDoesNotExist = defineCheck({
  code: 'ING-001',
  title: 'An Ingress sends to a Service that does not exist',
  severity: 'high',
  role: 'cause',
  kinds: ['Ingress', 'Service'],
  hypothesis: 'a Service it sends to is missing',
  doc: `A path of an Ingress names a Service that is not in its namespace, so its controller answers 503 (or 404) there. An Ingress can only send to
Services of its own namespace.`,
  run: ({ view, now, passed }) =>
    view.list('Ingress').flatMap((ingress) => {
      const { namespace } = ingress.metadata;
      if (!view.complete('Service', namespace) || isNew(ingress, now)) return [];
      const ref = refOf(ingress);
      const gone = backendsOf(ingress).filter((b) => view.get('Service', namespace, b.name) === undefined);
      if (gone.length === 0) passed(ref, 'all Services it sends to are there');
      const there = view.list('Service', namespace).map((s) => s.metadata.name);
      return gone.map(({ path, name }) => {
        const right = nearest(name, there);
        const elsewhere = view.list('Service').filter((s) => s.metadata.name === name);
        const hint =
          right !== undefined
            ? `was ${right} meant?`
            : elsewhere.length > 0
              ? `there is one of that name in ${names(elsewhere.map((s) => s.metadata.namespace ?? ''))}, which an Ingress cannot send to`
              : `there are ${names(there) || 'none'}`;
        return {
          subject: ref,
          field: `${path}.name`,
          affects: [],
          message: `Service ${name}, to which the Ingress sends, does not exist in ${namespace ?? ''}; ${hint}`,
          evidence: [fieldEvidence(ref, `${path}.name`, name)],
          confidence: 0.97,
          params: {
            wanted: name,
            kind: 'Service',
            wrong: name,
            ...(right === undefined ? { supply: `create the Service ${name}, or send to one that exists` } : { right }),
          },
        };
      });
    }),
});
