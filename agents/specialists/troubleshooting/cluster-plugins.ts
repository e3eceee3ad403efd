import type { Container } from '../../contract/index.ts';
import { isReady } from '../../core/unexplained.ts';
import type { View } from '../../core/view.ts';
import { type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';

/**
 * Workloads that give a cluster what others ask of it: volumes, devices. Nothing in the API says which workload it is, so it is told by
 * what its containers say of themselves. Where none of its pods is ready, what others lack they lack because of that.
 */

const isDown = (w: Workload): boolean => !w.pods.some(isReady);

const containersOf = ({ template: { spec } }: Workload): readonly Container[] => [...spec.containers, ...spec.initContainers];

/** Parts of `ebs.csi.example.com` that say whose it is: not the domain's end, nor what all such names have. */
const COMMON =
  /^(?:com|org|net|io|dev|cloud|k8s|kubernetes|storage|volume|volumes|csi|driver|plugin|plugins|provisioner|controller|device|disk|file|www)$/;
const tellingWords = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((w) => w.length > 1 && !COMMON.test(w));

/** Words that say whose it is stand in the names of the workload, its namespace or its images. */
function isNamedLike(w: Workload, name: string): boolean {
  const own = new Set(
    [w.name, w.namespace, ...containersOf(w).map((c) => c.image ?? '')].flatMap((n) => n.toLowerCase().split(/[^a-z0-9]+/)),
  );
  return tellingWords(name).some((word) => own.has(word));
}

/** The sidecar that makes volumes for a CSI driver goes by its image's name (kubernetes-csi/external-provisioner). */
const MAKES_VOLUMES = /(?:csi|external)-provisioner/;

/** The workload that should make a class's volumes and has no ready pod: it names the provisioner, or brings the CSI sidecar and is named like it. */
export function provisionerThatIsDown(view: View<WorkloadKind>, provisioner: string): Workload | undefined {
  const makers = workloads(view).filter((w) => w.object.kind === 'Deployment' || w.object.kind === 'StatefulSet');
  const named = makers.filter((w) =>
    containersOf(w).some((c) => [...c.command, ...c.args, ...c.env.map((e) => e.value ?? '')].some((word) => word.includes(provisioner))),
  );
  const sidecars = makers.filter((w) => containersOf(w).some((c) => MAKES_VOLUMES.test(c.name) || MAKES_VOLUMES.test(c.image ?? '')));
  const like = sidecars.filter((w) => isNamedLike(w, provisioner));
  const theirs = [named, like, sidecars.length === 1 ? sidecars : []].find((found) => found.length > 0) ?? [];
  return theirs.every(isDown) ? theirs[0] : undefined;
}

/** Where device plugins register themselves with the kubelet. */
const REGISTERS = /\/device-plugins(?:\/|$)/;

/** A resource that a device plugin offers: it has a domain, which is not that of Kubernetes itself. */
export const isFromDevicePlugin = (resource: string): boolean => resource.includes('/') && !/^(?:[^/]*\.)?kubernetes\.io\//.test(resource);

/** The DaemonSet of the device plugin that should offer a resource and has no ready pod. */
export function devicePluginThatIsDown(view: View<WorkloadKind>, resource: string): Workload | undefined {
  const plugins = workloads(view).filter(
    (w) =>
      w.object.kind === 'DaemonSet' &&
      (w.template.spec.volumes.some((v) => REGISTERS.test(v.hostPath?.path ?? '')) || w.name.includes('device-plugin')),
  );
  const like = plugins.filter((w) => isNamedLike(w, resource.split('/')[0] ?? ''));
  const theirs = like.length > 0 ? like : plugins.length === 1 ? plugins : [];
  return theirs.every(isDown) ? theirs[0] : undefined;
}
