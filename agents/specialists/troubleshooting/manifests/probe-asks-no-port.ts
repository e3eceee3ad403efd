import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { names } from '../scheduling-evidence.ts';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

export const probeAsksNoPort = defineCheck({
  code: 'FIL-005',
  title: 'A probe asks a port that its container does not name',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a probe asks a port that is not there',
  doc: `Of files that people write: a probe names a port by a name that no port of its container has. The API server takes it, and the kubelet then
fails the probe each time. A number is no fault, for a container listens where it likes.`,
  run: ({ view }) =>
    workloads(view).flatMap((w) =>
      (['containers', 'initContainers'] as const).flatMap((list) =>
        w.template.spec[list].flatMap((container, c) =>
          PROBES.flatMap((kind): FindingDraft[] => {
            const probe = container[kind];
            const how = probe?.httpGet !== undefined ? 'httpGet' : 'tcpSocket';
            const port = probe?.[how]?.port;
            const known = container.ports.flatMap((p) => p.name ?? []);
            if (typeof port !== 'string' || /^\d+$/.test(port) || known.includes(port)) return [];
            const field = `${w.specPath}.${list}[${c}].${kind}.${how}.port`;
            const meant = nearest(port, known);
            const instead =
              meant !== undefined
                ? `did you mean ${meant}?`
                : known.length === 0
                  ? 'the container names none'
                  : `the container has ${names(known)}`;
            return [
              {
                subject: w.ref,
                field,
                affects: [],
                message: `the ${kind.replace('Probe', ' probe')} of container ${container.name} asks the port ${port}, which the container does not name; ${instead}`,
                evidence: [{ kind: 'field', resource: w.ref, source: field, text: port }],
                confidence: 0.95,
              },
            ];
          }),
        ),
      ),
    ),
});
