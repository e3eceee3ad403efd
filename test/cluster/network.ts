import { existsSync } from 'node:fs';
import { type Instance, netOf } from './instance.ts';
import { maybe, must } from './run.ts';

/**
 * The node of an instance lives in a network namespace of its own: its bridge, its iptables rules and its pods are there, and all of
 * it goes when the namespace goes. One veth pair joins it to the host, where the control plane runs.
 */
export function makeNetwork(instance: Instance): void {
  const net = netOf(instance);
  removeNetwork(instance);
  must('ip', 'netns', 'add', net.netns);
  must('ip', 'link', 'add', net.hostLink, 'type', 'veth', 'peer', 'name', net.nodeLink);
  must('ip', 'link', 'set', net.nodeLink, 'netns', net.netns);
  must('ip', 'addr', 'add', `${net.host}/30`, 'dev', net.hostLink);
  must('ip', 'link', 'set', net.hostLink, 'up');
  const inside = (...args: string[]) => must('ip', '-n', net.netns, ...args);
  inside('link', 'set', 'lo', 'up');
  inside('addr', 'add', `${net.node}/30`, 'dev', net.nodeLink);
  inside('link', 'set', net.nodeLink, 'up');
  inside('route', 'add', 'default', 'via', net.host);
  must('ip', 'route', 'replace', net.pods, 'via', net.node);
  must('nsenter', `--net=/run/netns/${net.netns}`, '--', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
}

/** Removing what is not there is fine: the link takes its routes with it, the namespace its bridge and rules. */
export function removeNetwork(instance: Pick<Instance, 'id' | 'slot'>): void {
  const net = netOf(instance);
  maybe('ip', 'link', 'del', net.hostLink);
  if (existsSync(`/run/netns/${net.netns}`)) maybe('ip', 'netns', 'del', net.netns);
}
