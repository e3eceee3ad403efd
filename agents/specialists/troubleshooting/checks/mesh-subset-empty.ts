import { type Kind, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { servicesByName } from '../../../core/called-hosts.ts';
import { nearest } from '../../../core/nearest.ts';
import { matchesLabels } from '../../../core/selectors.ts';
import { fieldEvidence } from '../containers.ts';
import { isNew } from '../new-objects.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, podLabels, selected } from '../service-pods.ts';

const MESH_KINDS = [...SERVICE_KINDS, 'VirtualService', 'DestinationRule'] as const satisfies readonly Kind[];

/** `name.namespace` of a host of the cluster, however long it is written; a name without dots is of the rule's own namespace. */
function hostOf(host: string, namespace: string): string {
  const [name = '', second, third] = host.split('.');
  return second === undefined ? `${name}.${namespace}` : third === 'svc' ? `${name}.${second}` : host;
}

/** A rule may be for many hosts: `*.shop.svc.cluster.local`. */
const covers = (rule: string, host: string) => rule === host || (rule.startsWith('*') && (rule === '*' || host.endsWith(rule.slice(1))));

export const meshSubsetEmpty = defineCheck({
  code: 'MSH-001',
  title: 'A mesh route sends to a subset with nothing behind it',
  severity: 'high',
  role: 'cause',
  kinds: MESH_KINDS,
  hypothesis: 'it routes to a subset that is not defined, or has no pods',
  doc: `A VirtualService of Istio may send requests to a subset of a host. What a subset is stands in a DestinationRule for that host: a name and the labels of
its pods. Where no rule defines the name, or no workload behind the Service has those labels, such requests are answered with 503 by the caller's own proxy,
while every pod is ready. (networking.istio.io/v1, Destination and Subset.)`,
  run: ({ view, now, passed }) => {
    const rules = view.list('DestinationRule').map((rule) => ({ rule, host: hostOf(rule.spec.host, rule.metadata.namespace ?? '') }));
    return view.list('VirtualService').flatMap((service): FindingDraft[] => {
      const { namespace = '' } = service.metadata;
      if (isNew(service, now) || !view.complete('DestinationRule', namespace)) return [];
      const found = new Map<string, FindingDraft>();
      for (const { field, host: written, subset } of destinations(service.spec)) {
        const host = hostOf(written, namespace);
        const own = rules.filter((r) => covers(r.host, host));
        const subsets = own.flatMap((r) => r.rule.spec.subsets);
        const defined = subsets.filter((s) => s.name === subset);
        const [name = '', at = ''] = host.split('.');
        const target = servicesByName(view).get(`${at}/${name}`);
        const behind = target === undefined || !view.complete('Pod', at) ? undefined : selected(view, target);
        if (defined.length > 0 && (behind === undefined || defined.some((s) => behind.some((w) => matchesLabels(s.labels, podLabels(w))))))
          continue;
        const [first] = own;
        const rule = first === undefined ? undefined : `DestinationRule ${first.rule.metadata.name}`;
        const there = subsets.map((s) => s.name);
        const right = nearest(subset, there) ?? (there.length === 1 && defined.length === 0 ? there[0] : undefined);
        const labels = Object.entries(defined[0]?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
        found.set(`${host}|${subset}`, {
          subject: refOf(service),
          field: `${field}.subset`,
          affects: target === undefined ? [] : [refOf(target)],
          message:
            defined.length > 0
              ? `subset ${subset} of ${written}, to which it routes, has no pods: none behind Service ${name} has ${names(labels)}, so what is sent there is answered with 503`
              : `subset ${subset} of ${written}, to which it routes, is not defined, so what is sent there is answered with 503; ${rule === undefined ? 'no DestinationRule is for that host' : `${rule} defines ${names(there) || 'none'}`}`,
          evidence: [
            fieldEvidence(refOf(service), `${field}.subset`, subset),
            ...(first === undefined ? [] : [fieldEvidence(refOf(first.rule), 'spec.subsets', names(there) || 'none')]),
          ],
          confidence: 0.95,
          params:
            defined.length === 0 && nearest(subset, there) !== undefined && right !== undefined
              ? { wrong: subset, right }
              : {
                  supply:
                    defined.length > 0
                      ? `give the pods of one workload behind Service ${name} the labels ${names(labels)}, or correct the labels of subset ${subset}`
                      : `define subset ${subset} in ${rule ?? `a DestinationRule for ${written}`} with the labels of its pods, or route to ${right === undefined ? 'the host without a subset' : `subset ${right}`}`,
                },
        });
      }
      if (found.size === 0) passed(refOf(service), 'every subset it routes to is defined');
      return [...found.values()];
    });
  },
});

interface Destination {
  readonly field: string;
  readonly host: string;
  readonly subset: string;
}

/** Where requests are sent to a subset; a share of nothing is sent nowhere. */
function destinations(spec: Readonly<Record<'http' | 'tcp' | 'tls', readonly MeshRoute[]>>): readonly Destination[] {
  return (['http', 'tcp', 'tls'] as const).flatMap((list) =>
    spec[list].flatMap(({ route, mirror }, i) => [
      ...route.flatMap(({ destination: { host, subset }, weight }, r) =>
        subset === undefined || weight === 0 ? [] : [{ field: `spec.${list}[${i}].route[${r}].destination`, host, subset }],
      ),
      ...(mirror?.subset === undefined ? [] : [{ field: `spec.${list}[${i}].mirror`, host: mirror.host, subset: mirror.subset }]),
    ]),
  );
}

interface MeshRoute {
  readonly route: readonly {
    readonly destination: { readonly host: string; readonly subset?: string | undefined };
    readonly weight?: number | undefined;
  }[];
  readonly mirror?: { readonly host: string; readonly subset?: string | undefined } | undefined;
}
