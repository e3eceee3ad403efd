import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';

type Ingress = KubeObject<'Ingress'>;

/** The annotation from before there were classes; controllers still read it. */
const OLD_CLASS = 'kubernetes.io/ingress.class';
/** Annotations by which several Ingresses share a host on purpose: canaries, groups, parts that are merged, an order. */
const SHARES = /(?:^|[./-])(?:canary|mergeable-ingress-type|group\.(?:name|order)|priority|weight)(?:$|[./-])/i;

interface Place {
  readonly ingress: Ingress;
  readonly host: string;
  readonly path: string;
  readonly to: string;
  readonly field: string;
}

export const ingressPathTaken = defineCheck({
  code: 'ING-006',
  title: 'A host and path of an Ingress belong to another one',
  severity: 'medium',
  role: 'cause',
  kinds: ['Ingress'],
  hypothesis: 'another Ingress has its host and path',
  doc: `Two Ingresses of one class ask for the same host and path and send them to different Services. A controller serves one of them, mostly the older one,
and leaves the other out, with no more than an event or a line in its own log. Where an annotation says that they share the host (a canary, a group,
parts that are merged, an order) it is meant.`,
  run: ({ view, now, passed }) => {
    const taken = new Map<string, Place>();
    const byAge = view
      .list('Ingress')
      .filter((i) => !isNew(i, now) && !Object.keys(i.metadata.annotations).some((key) => SHARES.test(key)))
      .toSorted((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1));
    return byAge.flatMap((ingress): FindingDraft[] => {
      const [late] = placesOf(ingress).flatMap((place) => {
        const key = [classOf(ingress), place.host, place.path].join('\n');
        const first = taken.get(key);
        if (first === undefined) taken.set(key, place);
        return first === undefined || first.to === place.to || first.ingress === ingress ? [] : [{ place, first: first.ingress }];
      });
      const ref = refOf(ingress);
      if (late === undefined) {
        passed(ref, 'nobody else has its hosts and paths');
        return [];
      }
      const { place, first } = late;
      const other = `${first.metadata.namespace ?? ''}/${first.metadata.name}`;
      const [path = '/'] = place.path.split(' ');
      return [
        {
          subject: ref,
          field: place.field,
          affects: [],
          message: `host ${place.host} with path ${path} belongs to Ingress ${other}, which is older and sends it elsewhere, so what this one sends there is left out`,
          evidence: [
            fieldEvidence(ref, place.field, `${place.host}${path}`),
            fieldEvidence(refOf(first), 'spec.rules', `${place.host}${path}`),
          ],
          confidence: 0.8,
          params: { supply: `take another host or path in Ingress ${ingress.metadata.name}, or remove the rule from Ingress ${other}` },
        },
      ];
    });
  },
});

const ageKey = ({ metadata }: Ingress) => `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`;
const classOf = ({ spec, metadata }: Ingress) => spec.ingressClassName ?? metadata.annotations[OLD_CLASS] ?? '';

function placesOf(ingress: Ingress): readonly Place[] {
  return ingress.spec.rules.flatMap((rule, r) =>
    rule.host === undefined || rule.host === ''
      ? []
      : (rule.http?.paths ?? []).flatMap(({ path, pathType, backend }): Place[] =>
          backend.service === undefined
            ? []
            : [
                {
                  ingress,
                  host: rule.host ?? '',
                  path: `${path ?? '/'} ${pathType ?? ''}`,
                  to: `${ingress.metadata.namespace ?? ''}/${backend.service.name}`,
                  field: `spec.rules[${r}].host`,
                },
              ],
        ),
  );
}
