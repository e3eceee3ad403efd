import { existsSync } from 'node:fs';
import { type Instance, netOf } from './instance.ts';
import { maybe, must } from './run.ts';

const SERVICES = 'services';

/**
 * The node of an instance lives in a network namespace of its own: its bridge, its iptables rules and its pods are there, and all of
 * it goes when the namespace goes. One veth pair joins it to the host, where the control plane runs.
 */
export function makeNetwork(instance: Instance): void {
  const net = netOf(instance);
  removeNetwork(instance.id);
  must('ip', 'netns', 'add', net.netns);
  must('ip', 'link', 'add', net.hostLink, 'type', 'veth', 'peer', 'name', net.nodeLink);
  must('ip', 'link', 'set', net.nodeLink, 'netns', net.netns);
  must('ip', 'addr', 'add', `${net.host}/30`, 'dev', net.hostLink);
  must('ip', 'link', 'set', net.hostLink, 'up');
  const inside = (...args: string[]) => must('ip', '-n', net.netns, ...args);
  inside('link', 'set', 'lo', 'up');
  inside('addr', 'add', `${net.node}/30`, 'dev', net.nodeLink);
  inside('link', 'set', net.nodeLink, 'up');
  // A Service's address is changed to a pod's on the way out, but only of what has a way out.
  inside('link', 'add', SERVICES, 'type', 'bridge');
  inside('link', 'set', SERVICES, 'up');
  inside('route', 'add', net.services, 'dev', SERVICES, 'src', net.node);
  // The world outside is refused at once: a registry or a host that no test brought along is not there, on every machine alike.
  inside('route', 'add', 'unreachable', 'default');
  must('ip', 'route', 'replace', net.pods, 'via', net.node);
  must('nsenter', `--net=/run/netns/${net.netns}`, '--', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
}

/** Removing what is not there is fine: the link takes its routes with it, the namespace its bridge and rules. */
export function removeNetwork(id: string): void {
  const net = netOf({ id, slot: 0 });
  maybe('ip', 'link', 'del', net.hostLink);
  if (existsSync(`/run/netns/${net.netns}`)) maybe('ip', 'netns', 'del', net.netns);
}
