import { refKey } from '../contract/index.ts';
import { calledServices, servicesByName } from './called-hosts.ts';
import { matchesLabels } from './selectors.ts';
import type { View } from './view.ts';
import { type Workload, type WorkloadKind, workloads } from './workloads.ts';

/** The workloads behind the Services that this one names in its environment, commands and arguments. */
export function callees(view: View<WorkloadKind | 'Service'>, w: Workload): readonly Workload[] {
  const services = servicesByName(view);
  return calledServices(w.template.spec, w.namespace, services).flatMap((ref) => {
    const service = services.get(`${ref.namespace ?? ''}/${ref.name}`);
    const selector = service?.spec.selector ?? {};
    if (service === undefined || Object.keys(selector).length === 0) return [];
    return workloads(view, service.metadata.namespace).filter(
      (other) => refKey(other.ref) !== refKey(w.ref) && matchesLabels(selector, other.template.metadata.labels),
    );
  });
}
