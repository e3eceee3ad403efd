import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';

/** The annotation from before there were classes; controllers still read it. */
const OLD_CLASS = 'kubernetes.io/ingress.class';
const DEFAULT = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClassDoesNotExist = defineCheck({
  code: 'ING-003',
  title: 'The class of an Ingress does not exist',
  severity: 'high',
  role: 'cause',
  kinds: ['Ingress', 'IngressClass'],
  hypothesis: 'its IngressClass is missing',
  doc: `An Ingress is served by the controller of its class. Where it names a class that does not exist, or names none and no class is the default,
no controller takes it up, and nothing says so. Where the cluster has no class at all an Ingress without one may be meant for a controller that
takes all, so that is only said with less certainty.`,
  run: ({ view, now }) =>
    view.list('Ingress').flatMap((ingress): FindingDraft[] => {
      if (!view.complete('IngressClass') || isNew(ingress, now)) return [];
      const classes = view.list('IngressClass');
      const there = classes.map((c) => c.metadata.name);
      const { ingressClassName: wrong } = ingress.spec;
      const ref = refOf(ingress);
      const field = 'spec.ingressClassName';
      if (wrong !== undefined && wrong !== '') {
        if (there.includes(wrong)) return [];
        const right = nearest(wrong, there) ?? (there.length === 1 ? there[0] : undefined);
        return [
          {
            subject: ref,
            field,
            affects: [],
            message: `IngressClass ${wrong} does not exist, so no controller serves the Ingress; ${right === undefined ? `there are ${names(there) || 'none'}` : `was ${right} meant?`}`,
            evidence: [
              fieldEvidence(ref, field, wrong),
              { kind: 'field' as const, resource: ref, source: 'IngressClasses', text: names(there) || 'none' },
            ],
            confidence: 0.96,
            params: {
              wanted: wrong,
              kind: 'IngressClass',
              wrong,
              ...(right === undefined ? { supply: 'name an IngressClass that exists, or install its controller' } : { right }),
            },
          },
        ];
      }
      const taken = classes.some((c) => c.metadata.annotations[DEFAULT] === 'true') || OLD_CLASS in ingress.metadata.annotations;
      if (taken || classes.length === 0) return [];
      const [only, another] = there;
      return [
        {
          subject: ref,
          field,
          affects: [],
          message: `the Ingress names no class and none of ${names(there)} is the default, so no controller serves it`,
          evidence: [fieldEvidence(ref, field, 'not set')],
          confidence: 0.8,
          params: another === undefined && only !== undefined ? { right: only } : { supply: `set ${field} to one of ${names(there)}` },
        },
      ];
    }),
});
