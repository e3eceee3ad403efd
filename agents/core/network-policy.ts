import type { KubeObject } from '../contract/index.ts';
import { matchesSelector } from './selectors.ts';

/**
 * What NetworkPolicies let through, as their documentation has it (networking.k8s.io/v1): a pod that no policy selects for a direction is
 * open in it; one that is selected may only have what some policy allows. What a network plugin does in fact is its own matter.
 */

export type Policy = KubeObject<'NetworkPolicy'>;
type Labels = Readonly<Record<string, string>>;

/** One end of a connection. */
export interface Peer {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** IPv4, for rules by address. */
  readonly ip?: string | undefined;
}

export interface Port {
  readonly protocol: string;
  readonly number: number;
  /** Names the port has at the receiving pod. */
  readonly names?: readonly string[];
}

type Direction = 'Ingress' | 'Egress';

/** `policyTypes` absent: ingress always, egress where there are rules for it (the API server writes it down). */
function speaksOf({ spec }: Policy, direction: Direction): boolean {
  if (spec.policyTypes.length > 0) return spec.policyTypes.includes(direction);
  return direction === 'Ingress' || spec.egress.length > 0;
}

/** An absent pod selector selects nothing; the API demands one, and an empty one selects every pod. */
export function policiesOn(policies: readonly Policy[], pod: Peer, direction: Direction): readonly Policy[] {
  return policies.filter(
    (p) => p.metadata.namespace === pod.namespace && speaksOf(p, direction) && matchesSelector(p.spec.podSelector, pod.labels),
  );
}

type Rule = Policy['spec']['ingress'][number]['from'][number];

function matchesPeer(rule: Rule, policyNamespace: string, peer: Peer): boolean {
  if (rule.ipBlock !== undefined)
    return (
      peer.ip !== undefined && inBlock(peer.ip, rule.ipBlock.cidr) && !rule.ipBlock.except.some((cidr) => inBlock(peer.ip ?? '', cidr))
    );
  const there =
    rule.namespaceSelector == null ? peer.namespace === policyNamespace : matchesSelector(rule.namespaceSelector, peer.namespaceLabels);
  return there && (rule.podSelector == null || matchesSelector(rule.podSelector, peer.labels));
}

function matchesPort(ports: Policy['spec']['ingress'][number]['ports'], port: Port): boolean {
  if (ports.length === 0) return true;
  return ports.some(({ protocol, port: wanted, endPort }) => {
    if ((protocol ?? 'TCP') !== port.protocol) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === 'string') return (port.names ?? []).includes(wanted);
    return endPort === undefined ? wanted === port.number : port.number >= wanted && port.number <= endPort;
  });
}

/** Whether some rule of some policy allows it. `policies` are those that select the pod for that direction. */
export function allows(policies: readonly Policy[], direction: Direction, other: Peer, port: Port): boolean {
  return policies.some(({ metadata, spec }) => {
    const own = metadata.namespace ?? '';
    const any = (peers: readonly Rule[]) => peers.length === 0 || peers.some((rule) => matchesPeer(rule, own, other));
    return direction === 'Ingress'
      ? spec.ingress.some((rule) => any(rule.from) && matchesPort(rule.ports, port))
      : spec.egress.some((rule) => any(rule.to) && matchesPort(rule.ports, port));
  });
}

export interface Denied {
  readonly direction: Direction;
  /** The policies that select the pod at that end, none of which allows it. */
  readonly policies: readonly Policy[];
}

/** What stands between two pods; undefined where the connection is allowed. The caller's side is looked at first. */
export function deniedBetween(policies: readonly Policy[], from: Peer, to: Peer, port: Port): Denied | undefined {
  const out = policiesOn(policies, from, 'Egress');
  if (out.length > 0 && !allows(out, 'Egress', to, port)) return { direction: 'Egress', policies: out };
  const into = policiesOn(policies, to, 'Ingress');
  if (into.length > 0 && !allows(into, 'Ingress', from, port)) return { direction: 'Ingress', policies: into };
  return undefined;
}

const bits = (ip: string): number | undefined => {
  const parts = ip.split('.').map(Number);
  return parts.length === 4 && parts.every((n) => Number.isInteger(n) && n >= 0 && n <= 255)
    ? parts.reduce((sum, n) => sum * 256 + n, 0)
    : undefined;
};

/** IPv4 only: of an IPv6 address nothing is said, and nothing matches. */
function inBlock(ip: string, cidr: string): boolean {
  const [base = '', length = ''] = cidr.split('/');
  const [a, b] = [bits(ip), bits(base)];
  const size = 2 ** (32 - Number(length));
  return a !== undefined && b !== undefined && length !== '' && size >= 1 && Math.floor(a / size) === Math.floor(b / size);
}
