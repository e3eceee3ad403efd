import { type KubeObject, type ResourceRef, refOf } from '../../contract/index.ts';
import { serviceOf } from '../../core/called-hosts.ts';
import type { View } from '../../core/view.ts';
import { type Unreachable, unreachable } from './log-causes.ts';

/** Whom a program could not reach, as its log says, as far as that is in the cluster. */
export interface Callee extends Unreachable {
  readonly line: string;
  /** The Service that is meant; undefined where there is none of that name. */
  readonly service: KubeObject<'Service'> | undefined;
  /** Where a Service of that name would be; undefined where the host is none of the cluster's. */
  readonly meant: { readonly namespace: string; readonly name: string } | undefined;
}

const services = new WeakMap<object, ReadonlyMap<string, KubeObject<'Service'>>>();
const addresses = new WeakMap<object, ReadonlyMap<string, KubeObject<'Service'>>>();

function known(view: View<'Service'>) {
  let byName = services.get(view);
  let byAddress = addresses.get(view);
  if (byName === undefined || byAddress === undefined) {
    const all = view.list('Service');
    services.set(view, (byName = new Map(all.map((s) => [`${s.metadata.namespace ?? ''}/${s.metadata.name}`, s]))));
    addresses.set(
      view,
      (byAddress = new Map(
        all.flatMap((s) => (s.spec.clusterIP === undefined || s.spec.clusterIP === 'None' ? [] : [[s.spec.clusterIP, s]])),
      )),
    );
  }
  return { byName, byAddress };
}

/** The newest line of a log that says whom the program cannot reach. */
export function calleeOf(view: View<'Service' | 'Namespace'>, namespace: string, lines: readonly string[]): Callee | undefined {
  const line = lines.findLast((l) => unreachable(l) !== undefined);
  const says = line === undefined ? undefined : unreachable(line);
  if (line === undefined || says === undefined) return undefined;
  const { byName, byAddress } = known(view);
  const service = byAddress.get(says.host) ?? serviceOf(says.host, namespace, byName);
  return { ...says, line: line.trim(), service, meant: service === undefined ? inCluster(view, namespace, says.host) : undefined };
}

/** The Service a name would be by the cluster's DNS: `name`, `name.ns` of a namespace there is, `name.ns.svc…`. */
function inCluster(view: View<'Namespace'>, namespace: string, host: string): Callee['meant'] {
  if (/^[\d.]+$/.test(host) || host.includes(':')) return undefined;
  const [name = '', second, third] = host.split('.');
  if (second === undefined) return { namespace, name };
  const there = view.get('Namespace', undefined, second) !== undefined;
  return third === 'svc' || (third === undefined && there) ? { namespace: second, name } : undefined;
}

export const callsOf = (callee: Callee | undefined): readonly ResourceRef[] =>
  callee?.service === undefined ? [] : [refOf(callee.service)];
