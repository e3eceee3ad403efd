import { refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { devicePluginThatIsDown, isFromDevicePlugin } from '../cluster-plugins.ts';
import type { Workload } from '../../../core/workloads.ts';
import { requestFinding, shortest } from '../request-finding.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { allocatableOf } from '../scheduling-filters.ts';
import { stuckAt } from '../scheduling.ts';

export const requestLargerThanAnyNode = defineCheck({
  code: 'SCH-005',
  title: 'It asks for more than any node has',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'it asks for more than the largest node has',
  doc: `A pod's requests must fit into what one node can give (status.allocatable), even when the node is empty. Requests of containers
and sidecars add up, an init container counts where it is more, and a limit without a request is a request. Waiting does not help. What a device
plugin offers (a resource with a domain of its own) no node has while that plugin does not run: then what is wrong with its DaemonSet is the cause.`,
  run: ({ view }) =>
    stuckAt(view, 'allocatable').flatMap((stuck): FindingDraft[] => {
      const empty = new Map<string, Record<string, number>>();
      const resources = shortest(stuck, empty);
      const finding = requestFinding(
        stuck,
        resources,
        empty,
        ({ pods, resource, asks, node, has }) =>
          `${pods} cannot be placed: each asks for ${asks} of ${resource}, and the largest node it may run on, ${node}, has ${has} to give`,
      );
      if (finding === undefined) return [];
      const [resource = ''] = resources;
      if (!isFromDevicePlugin(resource) || view.list('Node').some((n) => (allocatableOf(n)[resource] ?? 0) > 0)) return [finding];
      const plugin = devicePluginThatIsDown(view, resource);
      return [plugin === undefined ? offeredNowhere(finding, resource) : notOffered(finding, resource, plugin)];
    }),
});

const offeredNowhere = (finding: FindingDraft, resource: string): FindingDraft => ({
  ...finding,
  message: `${finding.message}. No node offers ${resource}: nowhere does the device plugin run that would, or there is no such device`,
  params: {
    ...finding.params,
    supply: `see that a node has such a device, with its driver, and that the device plugin for ${resource} (a DaemonSet that mounts /var/lib/kubelet/device-plugins) runs there; or ask for a resource that nodes offer`,
  },
});

/** Why its DaemonSet has no ready pod, another check tells. */
const notOffered = (finding: FindingDraft, resource: string, { ref }: Workload): FindingDraft => ({
  ...finding,
  message: `${finding.message}. No node offers ${resource}, for ${refWords(ref)}, the device plugin that should, has no ready pod`,
  params: { ...finding.params, supply: `see why ${refWords(ref)} has no ready pod: nodes offer ${resource} again when it runs` },
  role: 'symptom',
  calls: [ref],
});
