import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, podsOf } from '../containers.ts';
import { type FailingProbe, failingProbes, probePort } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';

interface Wrong {
  readonly field: string;
  readonly asks: string;
  readonly speaks: string;
  readonly written?: string;
  readonly meant?: string;
  readonly supply: string;
}

/** What the words of the client say about the server: they are Go's (net/http, grpc), which the kubelet is written in. */
function wrongIn(failing: FailingProbe): Wrong | undefined {
  const { spec, text } = failing;
  if (spec.httpGet !== undefined) {
    const { scheme } = spec.httpGet;
    const swap = (written: string, meant: string): Wrong => ({
      field: 'httpGet.scheme',
      asks: written,
      speaks: meant,
      ...(scheme === written ? { written, meant } : {}),
      supply: `Set httpGet.scheme of the probe to ${meant}.`,
    });
    if (/server gave HTTP response to HTTPS client/i.test(text)) return swap('HTTPS', 'HTTP');
    // A TLS alert where an answer was expected.
    if (/malformed HTTP response "\\x15\\x03/i.test(text)) return swap('HTTP', 'HTTPS');
    return undefined;
  }
  if (spec.grpc === undefined) return undefined;
  if (/Unimplemented|unknown service grpc\.health/i.test(text))
    return {
      field: 'grpc',
      asks: 'the gRPC health service',
      speaks: 'gRPC without it',
      supply: 'Serve grpc.health.v1.Health in the program, or ask by tcpSocket.',
    };
  // The kubelet says the same of a port where nobody listens; the program itself says that it does.
  if (/failed to connect service/i.test(text) && listensThere(failing))
    return {
      field: 'grpc.port',
      asks: 'gRPC',
      speaks: 'listens at that port and answers no plain gRPC there: another protocol, or gRPC over TLS, which the kubelet does not speak',
      supply: 'Ask by httpGet or tcpSocket, or name the port at which the program speaks gRPC without TLS.',
    };
  if (/server preface|frame too large|malformed header|http2:/i.test(text))
    return {
      field: 'grpc.port',
      asks: 'gRPC',
      speaks: 'another protocol at that port',
      supply: 'Name the port at which the program speaks gRPC, or ask by httpGet or tcpSocket.',
    };
  return undefined;
}

const listensThere = ({ spec, placed, listens }: FailingProbe): boolean =>
  listens.some(({ port, because }) => port === probePort(spec, placed.spec) && because.startsWith('its log says'));

export const probeProtocolWrong = defineCheck({
  code: 'PRB-011',
  title: 'A probe speaks another protocol than the program',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a probe speaks another protocol than the program',
  doc: `The program answers at the port, in another protocol: HTTP to a probe with scheme HTTPS, TLS to one with scheme HTTP, something else to a gRPC probe, or gRPC
without the health service. The kubelet's words tell them apart, and where they do not (gRPC), the program's own word that it listens there. A status 400 alone does not prove it.`,
  run: (ctx) =>
    failingProbes(ctx).flatMap((f): FindingDraft[] => {
      const wrong = wrongIn(f);
      if (wrong === undefined) return [];
      const field = `${f.placed.path}.${f.probe}.${wrong.field}`;
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs),
          message: `the ${probeWords(f.probe)} of ${containerWords(f.placed)} speaks ${wrong.asks}, and the program ${wrong.speaks}`,
          evidence: [
            { kind: 'event', resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            fieldEvidence(f.placed.workload.ref, field, wrong.written ?? 'grpc'),
          ],
          confidence: 0.95,
          params: {
            container: f.placed.spec.name,
            path: f.placed.path,
            supply: wrong.supply,
            ...(wrong.meant === undefined || wrong.written === undefined ? {} : { written: wrong.written, meant: wrong.meant }),
          },
        },
      ];
    }),
});
