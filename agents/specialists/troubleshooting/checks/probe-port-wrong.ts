import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, podsOf } from '../containers.ts';
import { failingProbes, probePort, writtenPort } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';

export const probePortWrong = defineCheck({
  code: 'PRB-001',
  title: 'A probe asks at a port where nothing listens',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a probe asks at the wrong port',
  doc: `The kubelet's probe is refused, and the container is known to listen at another port: by its own log, by another probe that is
answered, or by the ports it declares. A program that merely starts slowly is refused too, so the port must differ.`,
  run: (ctx) =>
    failingProbes(ctx).flatMap((f) => {
      const asked = probePort(f.spec, f.placed.spec);
      if (f.how !== 'refused' || asked === undefined || f.listens.length === 0 || f.listens.some((l) => l.port === asked)) return [];
      const [right] = f.listens;
      if (right === undefined) return [];
      const part = f.spec.httpGet !== undefined ? 'httpGet' : f.spec.tcpSocket !== undefined ? 'tcpSocket' : 'grpc';
      const field = `${f.placed.path}.${f.probe}.${part}.port`;
      const proven = !right.because.includes('manifest');
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs),
          message: `the ${probeWords(f.probe)} of ${containerWords(f.placed)} asks at port ${asked}, where nothing listens; the program listens at ${f.listens.map((l) => l.port).join(', ')} (${right.because})`,
          evidence: [
            { kind: 'event' as const, resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            fieldEvidence(f.placed.workload.ref, field, `port: ${writtenPort(f.spec) ?? asked}`),
          ],
          confidence: proven ? 0.95 : 0.85,
          params: {
            container: f.placed.spec.name,
            path: f.placed.path,
            written: writtenPort(f.spec) ?? asked,
            ...(f.listens.length === 1 || proven ? { meant: right.port } : {}),
          },
        },
      ];
    }),
});
