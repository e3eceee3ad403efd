import type { KubeObject, PodSpec, ResourceRef } from '../contract/index.ts';
import { hostsIn, refKey, refOf } from '../contract/index.ts';
import type { View } from './view.ts';

/** Names of variables whose bare value is a host: `REDIS_HOST=redis`. Elsewhere a bare word is a word. */
const SAYS_HOST = /host|addr|url|uri|endpoint|server|service|dsn|broker|upstream|backend|target|peer|gateway|proxy|(?:^|_)(?:db|api)$/i;
/**
 * The Service a host means for a pod of that namespace, by the cluster's DNS: `name`, `name.ns`, `name.ns.svc`, `name.ns.svc.DOMAIN`,
 * and the same with the name of a pod before it (headless Services). `services` is keyed `ns/name`.
 */
export function serviceOf<T>(host: string, namespace: string, services: ReadonlyMap<string, T>): T | undefined {
  const [first = '', second, third] = host.split('.');
  return (
    (second === undefined ? services.get(`${namespace}/${first}`) : undefined) ??
    (second === undefined ? undefined : services.get(`${second}/${first}`)) ??
    (second === undefined ? undefined : services.get(`${third ?? namespace}/${second}`))
  );
}

const named = new WeakMap<object, ReadonlyMap<string, KubeObject<'Service'>>>();

/** All Services as `serviceOf` looks for them. Made once per view. */
export function servicesByName(view: View<'Service'>): ReadonlyMap<string, KubeObject<'Service'>> {
  let found = named.get(view);
  if (found === undefined)
    named.set(view, (found = new Map(view.list('Service').map((s) => [`${s.metadata.namespace ?? ''}/${s.metadata.name}`, s]))));
  return found;
}

/** The Services a pod spec calls, as its environment, commands and arguments say. */
export function calledServices(
  spec: PodSpec,
  namespace: string,
  services: ReadonlyMap<string, KubeObject<'Service'>>,
): readonly ResourceRef[] {
  const found = new Map<string, ResourceRef>();
  const look = (text: string, bare: boolean) => {
    for (const host of hostsIn(text, bare)) {
      const service = serviceOf(host, namespace, services);
      if (service !== undefined) found.set(refKey(refOf(service)), refOf(service));
    }
  };
  for (const container of [...spec.containers, ...spec.initContainers]) {
    for (const env of container.env) look(env.value ?? '', SAYS_HOST.test(env.name));
    for (const word of [...container.command, ...container.args]) look(word, /(?:host|addr|server|upstream)\b/i.test(word));
  }
  return [...found.values()];
}
