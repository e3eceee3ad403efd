import { type Kind, type ResourceRef, isKind, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { distance, nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { configReferences } from '../config-references.ts';

const KINDS_NAMED = [
  ...WORKLOAD_KINDS,
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'ServiceAccount',
  'Service',
  'Ingress',
  'HorizontalPodAutoscaler',
] as const satisfies readonly Kind[];
type Named = (typeof KINDS_NAMED)[number];

/** A name in a file, and where it stands. */
interface Use {
  readonly by: ResourceRef;
  readonly namespace: string;
  readonly field: string;
  readonly kind: Named;
  readonly name: string;
}

/** More slips than these make another name. */
const MOST_SLIPS = 2;

export const nameNearlyThere = defineCheck({
  code: 'FIL-001',
  title: 'A name that nothing has, and something nearly has',
  severity: 'high',
  role: 'cause',
  kinds: [...KINDS_NAMED],
  hypothesis: 'a name in it is misspelt',
  doc: `Of files that people write: a manifest names an object that is not among the files, while one whose name differs by a letter or two is
there and nothing names that one. What is absent from files may be in the cluster, so without the unused twin nothing is said.`,
  run: (ctx) => {
    const uses = usesIn(ctx);
    const used = new Set(uses.map((u) => `${u.kind}/${u.namespace}/${u.name}`));
    return uses.flatMap((use): FindingDraft[] => {
      const { by, namespace, field, kind, name } = use;
      if (ctx.view.get(kind, namespace, name) !== undefined) return [];
      const free = ctx.view
        .list(kind, namespace)
        .map((o) => o.metadata.name)
        .filter((n) => !used.has(`${kind}/${namespace}/${n}`));
      const meant = nearest(name, free);
      if (meant === undefined || distance(name, meant) > MOST_SLIPS) return [];
      return [
        {
          subject: by,
          field,
          affects: [],
          message: `it names ${kind} ${name}, which is not in these files; ${meant} is, and nothing names it: did you mean ${meant}?`,
          evidence: [{ kind: 'field', resource: by, source: field, text: name }],
          confidence: 0.8,
          params: { wanted: name, meant, kind },
        },
      ];
    });
  },
});

function usesIn({ view }: CheckContext<Named>): Use[] {
  const of = workloads(view).flatMap((w): Use[] => {
    const use = (kind: Named, name: string | undefined, field: string) =>
      name === undefined || name === '' ? [] : [{ by: w.ref, namespace: w.namespace, field, kind, name }];
    return [
      ...configReferences(w).flatMap((r) => (r.optional ? [] : use(r.kind, r.name, r.nameField))),
      ...w.template.spec.volumes.flatMap((v, i) =>
        use('PersistentVolumeClaim', v.persistentVolumeClaim?.claimName, `${w.specPath}.volumes[${i}].persistentVolumeClaim.claimName`),
      ),
      ...use('ServiceAccount', w.template.spec.serviceAccountName, `${w.specPath}.serviceAccountName`),
      ...(w.object.kind === 'StatefulSet' ? use('Service', w.object.spec.serviceName, 'spec.serviceName') : []),
    ];
  });
  const ingresses = view.list('Ingress').flatMap((ingress): Use[] => {
    const { namespace = '' } = ingress.metadata;
    const use = (kind: Named, name: string | undefined, field: string) =>
      name === undefined ? [] : [{ by: refOf(ingress), namespace, field, kind, name }];
    return [
      ...ingress.spec.rules.flatMap((rule, r) =>
        (rule.http?.paths ?? []).flatMap((path, p) =>
          use('Service', path.backend.service?.name, `spec.rules[${r}].http.paths[${p}].backend.service.name`),
        ),
      ),
      ...use('Service', ingress.spec.defaultBackend?.service?.name, 'spec.defaultBackend.service.name'),
      ...ingress.spec.tls.flatMap((tls, t) => use('Secret', tls.secretName, `spec.tls[${t}].secretName`)),
    ];
  });
  const scalers = view.list('HorizontalPodAutoscaler').flatMap((hpa): Use[] => {
    const { kind, name } = hpa.spec.scaleTargetRef;
    if (!isKind(kind) || !(KINDS_NAMED as readonly Kind[]).includes(kind)) return [];
    return [{ by: refOf(hpa), namespace: hpa.metadata.namespace ?? '', field: 'spec.scaleTargetRef.name', kind: kind as Named, name }];
  });
  return [...of, ...ingresses, ...scalers];
}
