import { refOf, refWords } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { field } from '../../../core/paths.ts';
import { nearest } from '../../../core/nearest.ts';
import { workloads } from '../../../core/workloads.ts';
import { meantFor } from '../meant-workload.ts';
import { names } from '../scheduling-evidence.ts';
import { SERVICE_KINDS, type Service, declaredPorts, selected, selecting } from '../service-pods.ts';

const pairs = (labels: Readonly<Record<string, string>>) => names(Object.entries(labels).map(([k, v]) => `${k}=${v}`));

export const serviceMissesItsPods = defineCheck({
  code: 'FIL-003',
  title: 'A Service and its workload in these files do not fit',
  severity: 'high',
  role: 'cause',
  kinds: SERVICE_KINDS,
  hypothesis: 'it and its workload do not fit',
  doc: `Of files that people write: a Service selects none of the workloads in the files though one nearly fits, or its targetPort is a name that
no container of the workload it selects declares.`,
  run: ({ view }) =>
    selecting(view).flatMap((service): FindingDraft[] => {
      const behind = selected(view, service);
      if (behind.length > 0) return wrongPorts(service, behind);
      const meant = meantFor(service, workloads(view, service.metadata.namespace ?? ''));
      const [change] = meant?.changes ?? [];
      if (meant === undefined || change === undefined) return [];
      const ref = refOf(service);
      return [
        {
          subject: ref,
          field: meant.changes.length === 1 ? field('spec.selector', change.key) : 'spec.selector',
          affects: [],
          message: `it selects ${pairs(service.spec.selector)}, which no workload in these files carries; the pods of ${refWords(meant.workload.ref)} carry ${pairs(meant.selector)}`,
          evidence: [{ kind: 'field', resource: ref, source: 'spec.selector', text: pairs(service.spec.selector) }],
          confidence: 0.8,
        },
      ];
    }),
});

function wrongPorts(service: Service, behind: ReturnType<typeof selected>): FindingDraft[] {
  const ports = behind.flatMap(declaredPorts);
  return service.spec.ports.flatMap((port, i): FindingDraft[] => {
    const { targetPort } = port;
    if (typeof targetPort !== 'string' || ports.some((p) => p.name === targetPort)) return [];
    const known = [...new Set(ports.flatMap((p) => p.name ?? []))];
    const meant = nearest(targetPort, known);
    return [
      {
        subject: refOf(service),
        field: `spec.ports[${i}].targetPort`,
        affects: [],
        message: `targetPort ${targetPort} is no port name of ${names(behind.map((w) => refWords(w.ref)))}; ${meant !== undefined ? `did you mean ${meant}?` : known.length === 0 ? 'its containers name no port' : `its ports are ${names(known)}`}`,
        evidence: [{ kind: 'field', resource: refOf(service), source: `spec.ports[${i}].targetPort`, text: targetPort }],
        confidence: 0.9,
      },
    ];
  });
}
