import type { PodSpec } from '../../contract/index.ts';
import { matchesLabels, matchesNodeTerms, matchesSelector, tolerates } from '../../core/selectors.ts';
import { holdsResources, isSidecar } from './pod-requests.ts';
import type { Asking, Node, Pod, SchedulingView } from './scheduling-kinds.ts';

/** Demands on a node that depend on the pods that are there: host ports, pods to be near to or apart from, even spread, sole claims. */

export type Term = NonNullable<NonNullable<PodSpec['affinity']>['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution'][number];
type Spread = PodSpec['topologySpreadConstraints'][number];

interface Places {
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
  /** Pods on nodes that want others away from them. */
  readonly repelling: readonly Pod[];
  readonly matching: Map<string, readonly Pod[]>;
}

const cache = new WeakMap<object, Places>();

/** The pods that are on nodes and not over, by node. */
function placesOf(view: SchedulingView): Places {
  let places = cache.get(view);
  if (places === undefined) {
    const byNode = new Map<string, Pod[]>();
    const repelling: Pod[] = [];
    for (const pod of view.list('Pod')) {
      const { nodeName } = pod.spec;
      if (nodeName === undefined || !holdsResources(pod)) continue;
      const there = byNode.get(nodeName);
      if (there === undefined) byNode.set(nodeName, [pod]);
      else there.push(pod);
      if (apartTerms(pod.spec).length > 0) repelling.push(pod);
    }
    cache.set(view, (places = { byNode, repelling, matching: new Map() }));
  }
  return places;
}

export const podsOn = (view: SchedulingView, node: string): readonly Pod[] => placesOf(view).byNode.get(node) ?? [];

export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  readonly ip: string;
  /** `containers[0].ports[1].hostPort`. */
  readonly path: string;
}

const ports = new WeakMap<PodSpec, readonly HostPort[]>();

/** The ports of a node that a pod asks for. */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  let found = ports.get(spec);
  if (found === undefined) {
    const of = (list: 'containers' | 'initContainers') =>
      spec[list].flatMap((c, i) =>
        list === 'initContainers' && !isSidecar(c)
          ? []
          : c.ports.flatMap((p, k) =>
              p.hostPort === undefined || p.hostPort === 0
                ? []
                : [{ port: p.hostPort, protocol: p.protocol ?? 'TCP', ip: p.hostIP ?? '', path: `${list}[${i}].ports[${k}].hostPort` }],
            ),
      );
    ports.set(spec, (found = [...of('containers'), ...of('initContainers')]));
  }
  return found;
}

const everywhere = (ip: string) => ip === '' || ip === '0.0.0.0' || ip === '::';

/** The pods on a node that hold a port the asking pod wants, with that port. */
export function holdersOfPorts(
  asking: Asking,
  node: Node,
  view: SchedulingView,
): readonly { readonly pod: Pod; readonly port: HostPort }[] {
  const wanted = hostPortsOf(asking.spec);
  if (wanted.length === 0) return [];
  return podsOn(view, node.metadata.name).flatMap((pod) => {
    const port = wanted.find((w) =>
      hostPortsOf(pod.spec).some(
        (h) => h.port === w.port && h.protocol === w.protocol && (h.ip === w.ip || everywhere(h.ip) || everywhere(w.ip)),
      ),
    );
    return port === undefined ? [] : [{ pod, port }];
  });
}

export function apartTerms(spec: PodSpec): readonly Term[] {
  return spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}
export function nearTerms(spec: PodSpec): readonly Term[] {
  return spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

/** Whether a term of a pod in `own` means a pod of these labels in `namespace`. */
export function means(term: Term, own: string, namespace: string, labels: Readonly<Record<string, string>>, view: SchedulingView): boolean {
  const listed = term.namespaces.length === 0 && term.namespaceSelector == null ? namespace === own : term.namespaces.includes(namespace);
  if (!listed) {
    if (term.namespaceSelector == null) return false;
    const there = view.get('Namespace', undefined, namespace)?.metadata.labels ?? {};
    if (!matchesSelector(term.namespaceSelector, there)) return false;
  }
  return matchesSelector(term.labelSelector, labels);
}

/** The pods on nodes that a term means. */
export function meantBy(term: Term, own: string, view: SchedulingView): readonly Pod[] {
  const { byNode, matching } = placesOf(view);
  const key = JSON.stringify([own, term]);
  let found = matching.get(key);
  if (found === undefined) {
    const elsewhere = term.namespaces.length > 0 || term.namespaceSelector != null;
    const pods = elsewhere ? [...byNode.values()].flat() : view.list('Pod', own);
    found = pods.filter(
      (p) => p.spec.nodeName !== undefined && holdsResources(p) && means(term, own, p.metadata.namespace ?? '', p.metadata.labels, view),
    );
    matching.set(key, found);
  }
  return found;
}

const domainOf = (view: SchedulingView, pod: Pod, key: string) =>
  view.get('Node', undefined, pod.spec.nodeName ?? '')?.metadata.labels[key];

/** Pods by the value their nodes have under a label. */
function byDomain(view: SchedulingView, pods: readonly Pod[], key: string): ReadonlyMap<string, readonly Pod[]> {
  const domains = new Map<string, Pod[]>();
  for (const pod of pods) {
    const domain = domainOf(view, pod, key);
    if (domain === undefined) continue;
    const there = domains.get(domain);
    if (there === undefined) domains.set(domain, [pod]);
    else there.push(pod);
  }
  return domains;
}

/** Whether some pod that is there wants to be apart from the asking one. */
export function meansAnybody({ namespace, labels }: Asking, view: SchedulingView): boolean {
  return placesOf(view).repelling.some((pod) =>
    apartTerms(pod.spec).some((term) => means(term, pod.metadata.namespace ?? '', namespace, labels, view)),
  );
}

/** For a node: the pods there, or in its domain, that must be apart from the asking one (its own wish, or theirs). */
export function keptApartAt(asking: Asking, view: SchedulingView): (node: Node) => readonly Pod[] {
  const own = apartTerms(asking.spec).map((term) => ({
    key: term.topologyKey,
    domains: byDomain(view, meantBy(term, asking.namespace, view), term.topologyKey),
  }));
  const theirs = new Map<string, Pod[]>();
  for (const pod of placesOf(view).repelling)
    for (const term of apartTerms(pod.spec))
      if (means(term, pod.metadata.namespace ?? '', asking.namespace, asking.labels, view)) {
        const there = theirs.get(term.topologyKey);
        if (there === undefined) theirs.set(term.topologyKey, [pod]);
        else there.push(pod);
      }
  const all = [...own, ...[...theirs].map(([key, pods]) => ({ key, domains: byDomain(view, pods, key) }))];
  return (node) => [...new Set(all.flatMap(({ key, domains }) => domains.get(node.metadata.labels[key] ?? '') ?? []))];
}

/** Whether a node is where the pods are that the asking one must be near to. */
export function nearAt(asking: Asking, view: SchedulingView): (node: Node) => boolean {
  const terms = nearTerms(asking.spec).map((term) => {
    const pods = meantBy(term, asking.namespace, view);
    return { term, pods, domains: byDomain(view, pods, term.topologyKey) };
  });
  // The first of a group that wants to be together may go anywhere.
  const first =
    terms.every((t) => t.pods.length === 0) && terms.every((t) => means(t.term, asking.namespace, asking.namespace, asking.labels, view));
  return (node) =>
    terms.every(({ term, domains }) => {
      const domain = node.metadata.labels[term.topologyKey];
      return domain !== undefined && (first || domains.has(domain));
    });
}

export interface Uneven {
  readonly constraint: Spread;
  readonly index: number;
  readonly domain: string | undefined;
  readonly here: number;
  readonly least: number;
  readonly domains: number;
}

/** For a node: the first spread constraint it would break, with the counts; undefined where none. */
export function spreadAt(asking: Asking, view: SchedulingView): (node: Node) => Uneven | undefined {
  const { spec, namespace, labels } = asking;
  const hard = spec.topologySpreadConstraints.flatMap((constraint, index) => {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') return [];
    const counts = new Map<string, number>();
    for (const node of view.list('Node')) {
      const domain = node.metadata.labels[constraint.topologyKey];
      if (domain !== undefined && counted(constraint, spec, node)) counts.set(domain, counts.get(domain) ?? 0);
    }
    for (const pod of view.list('Pod', namespace)) {
      const domain = pod.spec.nodeName === undefined ? undefined : domainOf(view, pod, constraint.topologyKey);
      if (domain === undefined || !counts.has(domain) || !holdsResources(pod) || pod.metadata.deletionTimestamp != null) continue;
      if (matchesSelector(constraint.labelSelector, pod.metadata.labels)) counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
    const least = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    return [{ constraint, index, counts, least, own: matchesSelector(constraint.labelSelector, labels) ? 1 : 0 }];
  });
  return (node) => {
    for (const { constraint, index, counts, least, own } of hard) {
      const domain = node.metadata.labels[constraint.topologyKey];
      const here = counts.get(domain ?? '') ?? 0;
      if (domain === undefined || here + own - least > constraint.maxSkew)
        return { constraint, index, domain, here, least, domains: counts.size };
    }
    return undefined;
  };
}

/** Whether a node's domain counts: by default those the pod's own selector and affinity allow, tainted or not. */
function counted(constraint: Spread, spec: PodSpec, node: Node): boolean {
  if (constraint.nodeAffinityPolicy !== 'Ignore') {
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    if (!matchesLabels(spec.nodeSelector, node.metadata.labels) || (terms !== undefined && !matchesNodeTerms(terms, node))) return false;
  }
  return (
    constraint.nodeTaintsPolicy !== 'Honor' ||
    node.spec.taints.every((t) => t.effect === 'PreferNoSchedule' || tolerates(spec.tolerations, t))
  );
}

/** Pods that use a claim which only one pod at a time may use, and the asking one wants. */
export function holdersOfClaims(asking: Asking, view: SchedulingView): readonly { readonly pod: Pod; readonly claim: string }[] {
  return asking.spec.volumes.flatMap((volume) => {
    const name = volume.persistentVolumeClaim?.claimName;
    const claim = name === undefined ? undefined : view.get('PersistentVolumeClaim', asking.namespace, name);
    if (name === undefined || claim?.spec.accessModes.includes('ReadWriteOncePod') !== true) return [];
    return view
      .list('Pod', asking.namespace)
      .filter(
        (p) =>
          p.spec.nodeName !== undefined && holdsResources(p) && p.spec.volumes.some((v) => v.persistentVolumeClaim?.claimName === name),
      )
      .map((pod) => ({ pod, claim: name }));
  });
}
