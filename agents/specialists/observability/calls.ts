import { type KubeObject, refKey } from '../../contract/index.ts';
import { calledServices } from '../../core/called-hosts.ts';
import { matchesLabels } from '../../core/selectors.ts';
import type { View } from '../../core/view.ts';
import { type Workload, workloads } from '../../core/workloads.ts';
import type { SubjectKind } from './subjects.ts';

/** The workloads behind the Services that this one names in its environment, commands and arguments. */
export function callees(view: View<SubjectKind>, w: Workload): readonly Workload[] {
  const services = new Map(
    view.list('Service').map((s): [string, KubeObject<'Service'>] => [`${s.metadata.namespace ?? ''}/${s.metadata.name}`, s]),
  );
  return calledServices(w.template.spec, w.namespace, services).flatMap((ref) => {
    const service = services.get(`${ref.namespace ?? ''}/${ref.name}`);
    const selector = service?.spec.selector ?? {};
    if (service === undefined || Object.keys(selector).length === 0) return [];
    return workloads(view, service.metadata.namespace).filter(
      (other) => refKey(other.ref) !== refKey(w.ref) && matchesLabels(selector, other.template.metadata.labels),
    );
  });
}
