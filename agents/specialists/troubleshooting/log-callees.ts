import { type KubeObject, type ResourceRef, refOf } from '../../contract/index.ts';
import { serviceOf, servicesByName } from '../../core/called-hosts.ts';
import type { View } from '../../core/view.ts';
import { type Unreachable, unreachable } from './log-causes.ts';
import { nameServices } from './policy-paths.ts';
import { saying } from './saying.ts';

/** Whom a program could not reach, as its log says, as far as that is in the cluster. */
export interface Callee extends Unreachable {
  readonly line: string;
  /** The Service that is meant; undefined where there is none of that name. */
  readonly service: KubeObject<'Service'> | undefined;
  /** Where a Service of that name would be; undefined where the host is none of the cluster's. */
  readonly meant: { readonly namespace: string; readonly name: string } | undefined;
}

const addresses = new WeakMap<object, ReadonlyMap<string, KubeObject<'Service'>>>();

function byAddress(view: View<'Service'>): ReadonlyMap<string, KubeObject<'Service'>> {
  let found = addresses.get(view);
  if (found === undefined) {
    found = new Map(
      view.list('Service').flatMap((s) => (s.spec.clusterIP === undefined || s.spec.clusterIP === 'None' ? [] : [[s.spec.clusterIP, s]])),
    );
    addresses.set(view, found);
  }
  return found;
}

/** The newest line of a log that says whom the program cannot reach. */
export function calleeOf(view: View<'Service' | 'Namespace'>, namespace: string, lines: readonly string[]): Callee | undefined {
  const told = saying(lines, unreachable).at(-1);
  if (told === undefined) return undefined;
  const { line, says } = told;
  const service = byAddress(view).get(says.host) ?? serviceOf(says.host, namespace, servicesByName(view));
  return { ...says, line, service, meant: service === undefined ? inCluster(view, namespace, says.host) : undefined };
}

/** The Service a name would be by the cluster's DNS: `name`, `name.ns` of a namespace there is, `name.ns.svc…`, `pod.name.ns.svc…`. */
function inCluster(view: View<'Namespace'>, namespace: string, host: string): Callee['meant'] {
  if (/^[\d.]+$/.test(host) || host.includes(':')) return undefined;
  const [name = '', second, third, fourth] = host.split('.');
  if (second === undefined) return { namespace, name };
  if (third !== undefined && fourth === 'svc') return { namespace: third, name: second };
  const there = view.get('Namespace', undefined, second) !== undefined;
  return third === 'svc' || (third === undefined && there) ? { namespace: second, name } : undefined;
}

/** Not that there is no such name, but that nobody who knows the names answered. */
const NOBODY_ANSWERS =
  /i\/o timeout|timed out|timeout|refused|server misbehaving|EAI_AGAIN|temporary failure|try again|no route to host|unreachable/i;

/** The Services that the program needed and did not get an answer from: the one it calls, and the DNS where it could not ask for names. */
export function callsOf(view: View<'Service'>, callee: Callee | undefined): readonly ResourceRef[] {
  if (callee === undefined) return [];
  const unasked = callee.how === 'not-found' && NOBODY_ANSWERS.test(callee.line);
  return [...(callee.service === undefined ? [] : [callee.service]), ...(unasked ? nameServices(view) : [])].map(refOf);
}
