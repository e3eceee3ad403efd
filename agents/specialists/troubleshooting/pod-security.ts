import type { Container, Kind, KubeObject, PodSpec } from '../../contract/index.ts';
import type { View } from '../../core/view.ts';
import { WORKLOAD_KINDS } from '../../core/workloads.ts';

/** Pod Security Standards as far as the fields that are kept show them (kubernetes.io, "Pod Security Standards"). */

export const SECURITY_KINDS = [...WORKLOAD_KINDS, 'Namespace'] as const satisfies readonly Kind[];

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** The level a namespace enforces; undefined where it says none. */
export function enforced(
  view: View<'Namespace'>,
  namespace: string,
): { readonly namespace: KubeObject<'Namespace'>; readonly level: string } | undefined {
  const object = view.get('Namespace', undefined, namespace);
  const level = object?.metadata.labels[ENFORCE];
  return object === undefined || level === undefined || level === 'privileged' ? undefined : { namespace: object, level };
}
export const enforceField = `metadata.labels["${ENFORCE}"]`;

/** A field that a level does not allow as it is. */
export interface Violation {
  /** Inside the pod spec: `containers[0].securityContext.runAsNonRoot`. */
  readonly field: string;
  /** What it must be, in words. */
  readonly must: string;
  readonly container?: string;
  /** A stricter value that takes no function away by itself; undefined where a person must decide. */
  readonly fix?: boolean | readonly string[] | { readonly type: 'RuntimeDefault' };
}

const BASELINE_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const RESTRICTED_CAPABILITIES = new Set(['NET_BIND_SERVICE']);

export function violations(spec: PodSpec, level: string): readonly Violation[] {
  const restricted = level === 'restricted';
  const lists = ['initContainers', 'containers'] as const;
  return [
    ...(spec.hostNetwork === true ? [{ field: 'hostNetwork', must: 'hostNetwork must not be true' }] : []),
    ...spec.volumes.flatMap((v, i) =>
      v.hostPath === undefined ? [] : [{ field: `volumes[${i}].hostPath`, must: `volume ${v.name} must not be a hostPath` }],
    ),
    ...(restricted && spec.securityContext?.runAsUser === 0
      ? [{ field: 'securityContext.runAsUser', must: 'securityContext.runAsUser must not be 0' }]
      : []),
    ...lists.flatMap((list) => spec[list].flatMap((c, i) => ofContainer(c, `${list}[${i}]`, spec, restricted))),
  ];
}

function ofContainer(c: Container, path: string, spec: PodSpec, restricted: boolean): Violation[] {
  const own = c.securityContext;
  const pod = spec.securityContext;
  const found: Violation[] = [];
  const say = (field: string, must: string, fix?: Violation['fix']) =>
    found.push({
      field: `${path}.${field}`,
      must: `container ${c.name} ${must}`,
      container: c.name,
      ...(fix === undefined ? {} : { fix }),
    });
  if (own?.privileged === true) say('securityContext.privileged', 'must not be privileged');
  for (const [i, port] of c.ports.entries())
    if ((port.hostPort ?? 0) !== 0 && spec.hostNetwork !== true) say(`ports[${i}].hostPort`, `must not use hostPort ${port.hostPort ?? 0}`);
  const allowed = restricted ? RESTRICTED_CAPABILITIES : BASELINE_CAPABILITIES;
  const extra = (own?.capabilities?.add ?? []).filter((name) => !allowed.has(name));
  if (extra.length > 0) say('securityContext.capabilities.add', `must not add ${extra.join(', ')}`);
  const seccomp = own?.seccompProfile?.type ?? pod?.seccompProfile?.type;
  if (!restricted) {
    if (seccomp === 'Unconfined') say('securityContext.seccompProfile.type', 'must not have the seccomp profile Unconfined');
    return found;
  }
  if (own?.allowPrivilegeEscalation !== false)
    say('securityContext.allowPrivilegeEscalation', 'must set allowPrivilegeEscalation=false', false);
  const drop = own?.capabilities?.drop ?? [];
  if (!drop.includes('ALL')) say('securityContext.capabilities.drop', 'must drop ALL capabilities', ['ALL']);
  if (own?.runAsUser === 0) say('securityContext.runAsUser', 'must not run as user 0');
  if ((own?.runAsNonRoot ?? pod?.runAsNonRoot) !== true) say('securityContext.runAsNonRoot', 'must set runAsNonRoot=true', true);
  if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost')
    say('securityContext.seccompProfile', 'must set the seccomp profile RuntimeDefault', { type: 'RuntimeDefault' });
  return found;
}
