import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { unwellRuns } from '../failing-runs.ts';
import { calleeOf } from '../log-callees.ts';
import { declaredPorts, probedPorts, selected } from '../service-pods.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** What only a connection can say: datagrams are neither accepted nor refused. */
const BY_TCP = /dial tcp|connect|ECONNREFUSED|ETIMEDOUT|refused|https?:\/\//i;

export const serviceOfAnotherProtocol = defineCheck({
  code: 'SVC-018',
  title: 'A Service passes on another protocol than is spoken',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'the Service it calls passes on another protocol',
  doc: `A port of a Service is of one protocol, and one that is UDP (or SCTP) passes on no TCP connection: whoever connects is refused or waits in vain, although the pods behind
it are ready. A log complains of a connection to that number, and the Service has no TCP port of it. With HTTP, DNS over both or QUIC two ports of one number are needed.`,
  run: (ctx) => {
    const seen = new Set<string>();
    return unwellRuns(ctx).flatMap(({ placed, run, lines }): FindingDraft[] => {
      const callee = calleeOf(ctx.view, placed.workload.namespace, lines);
      if (callee?.service === undefined || callee.port === undefined || !BY_TCP.test(callee.line)) return [];
      const { service, port } = callee;
      const own = service.spec.ports.filter((p) => p.port === port);
      const [first] = own;
      if (first === undefined || own.some((p) => (p.protocol ?? 'TCP') === 'TCP') || seen.has(service.metadata.uid)) return [];
      seen.add(service.metadata.uid);
      const ref = refOf(service);
      const field = `spec.ports[${service.spec.ports.indexOf(first)}].protocol`;
      const target = first.targetPort ?? port;
      const behind = selected(ctx.view, service);
      // Who is probed there over TCP, or declares it so, and declares nothing else, speaks TCP.
      const speaksTcp =
        behind.length > 0 &&
        behind.every(
          (w) =>
            probedPorts(w).includes(Number(target)) ||
            declaredPorts(w).some((p) => (p.number === target || p.name === target) && p.protocol === 'TCP'),
        );
      return [
        {
          subject: ref,
          field,
          affects: [placed.workload.ref, ...podsOf(placed.runs)],
          message: `port ${port} is of protocol ${first.protocol ?? ''}, and ${containerWords(placed)} of ${placed.workload.object.kind} ${placed.workload.name} connects to it by TCP, which the Service does not pass on${speaksTcp ? '; the pods behind it speak TCP' : ''}`,
          evidence: [logEvidence(run, callee.line), fieldEvidence(ref, field, first.protocol ?? '')],
          confidence: speaksTcp ? 0.93 : 0.85,
          params: speaksTcp
            ? { wrong: first.protocol ?? '', right: 'TCP' }
            : { supply: `add a port ${port} of protocol TCP to Service ${ref.name}, or let the caller speak ${first.protocol ?? ''}` },
        },
      ];
    });
  },
});
