import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** What the kubelet gives as NAME_PORT of a Service, in a line that says that it is no number (Kubernetes: Service, "Environment variables"). */
const LINK = /\b(tcp|udp|sctp):\/\/([\d.]+|\[[\da-f:]+\]):(\d{1,5})\b/i;
const NO_NUMBER = /pars|invalid|not (?:a |an )?(?:valid|number|integer)|numeric|\bint\b|convert|NumberFormat|NaN|atoi|bad port|\bport\b/i;
function linkRead(line: string): { readonly value: string; readonly address: string; readonly port: number } | undefined {
  const [value, , address, port] = LINK.exec(line) ?? [];
  return value === undefined || address === undefined || !NO_NUMBER.test(line)
    ? undefined
    : { value, address: address.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** As the kubelet writes the name of a Service in a variable. */
const variableOf = (service: string): string => `${service.toUpperCase().replaceAll('-', '_')}_PORT`;

export const serviceVariableInTheWay = defineCheck({
  code: 'CFG-016',
  title: 'A variable that Kubernetes sets for a Service is read as a setting of the program',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'a variable that is set for a Service stands in for one of its settings',
  doc: `For every Service of the namespace the kubelet gives containers variables such as NAME_PORT with the value tcp://ADDRESS:PORT, unless enableServiceLinks is false. A program
that has a setting of that name takes it for its own, and ends because it is no number. The log quotes such a value, it is the address of a Service, and the container does not set the variable itself.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), linkRead).flatMap(({ placed, run, line, says: { value, address, port } }): FindingDraft[] => {
      const { workload, spec, path } = placed;
      const service = ctx.view
        .list('Service', workload.namespace)
        .find((s) => s.spec.clusterIP === address && s.spec.ports.some((p) => p.port === port));
      if (service === undefined || workload.template.spec.enableServiceLinks === false) return [];
      const variable = variableOf(service.metadata.name);
      if (spec.env.some((e) => e.name === variable)) return [];
      const field = `${workload.specPath}.enableServiceLinks`;
      return [
        {
          subject: workload.ref,
          field,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
          message: `${containerWords(placed)} reads ${value} where it expects a setting of its own: Kubernetes sets the variable ${variable} so for Service ${service.metadata.name}; set enableServiceLinks to false, or give the container a ${variable} of its own`,
          evidence: [
            logEvidence(run, line),
            fieldEvidence(refOf(service), 'spec.clusterIP', `${address}, port ${port}`),
            fieldEvidence(workload.ref, field, String(workload.template.spec.enableServiceLinks ?? true)),
          ],
          confidence: 0.92,
          params: { container: spec.name, path, right: false },
        },
      ];
    }),
});
