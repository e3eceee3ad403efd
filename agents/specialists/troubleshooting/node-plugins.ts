import type { View } from '../../core/view.ts';
import { isReady } from '../../core/unexplained.ts';
import { type Workload, type WorkloadKind, workloads } from '../../core/workloads.ts';

/** DaemonSets that do a node's work: its network, its volumes. Where their pod on a node is not well, neither is the node. */

function failing(view: View<WorkloadKind>, node: string | undefined, does: (w: Workload) => boolean): Workload | undefined {
  return workloads(view).find(
    (w) => w.object.kind === 'DaemonSet' && does(w) && !w.pods.some((p) => p.spec.nodeName === node && isReady(p)),
  );
}

/**
 * The DaemonSet that should run a storage driver on the node and does not: a driver's pods name the driver in their arguments, or in the
 * folder where it puts its socket.
 */
export const failingDriver = (view: View<WorkloadKind>, driver: string, node: string | undefined): Workload | undefined =>
  failing(
    view,
    node,
    ({ template: { spec } }) =>
      spec.volumes.some((v) => v.hostPath?.path.includes(driver) === true) ||
      [...spec.containers, ...spec.initContainers].some((c) =>
        [...c.command, ...c.args, ...c.env.map((e) => e.value ?? '')].some((word) => word.includes(driver)),
      ),
  );

/** Where network plugins put themselves on a node. */
const NETWORK = /\/cni(?:\/|$)/;

/** The DaemonSet that should set up the network of the node and does not. */
export const failingNetwork = (view: View<WorkloadKind>, node: string | undefined): Workload | undefined =>
  failing(view, node, ({ template: { spec } }) => spec.volumes.some((v) => NETWORK.test(v.hostPath?.path ?? '')));
