import type { Json, JsonPatchOp, ProbeSpec } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

/** A startup probe allows this many times what was too short. */
const MORE = 6;
const LEAST_SECONDS = 120;

export const correctProbe = defineRemedy({
  name: 'correct-probe',
  codes: ['PRB-001', 'PRB-002', 'PRB-003', 'PRB-010', 'PRB-011', 'PRB-012'],
  kinds: WORKLOAD_KINDS,
  doc: `Sets the port the program listens at or the path another probe is answered at; gives a slow start a startup probe of the same question, so
that liveness waits until it has passed.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { written, meant, path, probe, allowed, container, supply } = finding.params;
    if (w === undefined || finding.field === undefined || typeof path !== 'string') return undefined;
    const plan = (title: string, because: string, ops: readonly JsonPatchOp[]) =>
      changeOrAdvice(w, ops, { remedy: 'correct-probe', title, because, verify: [finding.code] });
    if (finding.code === 'PRB-003' && typeof probe === 'string' && typeof allowed === 'number') {
      const seconds = Math.max(LEAST_SECONDS, allowed * MORE);
      const spec = [...w.template.spec.containers, ...w.template.spec.initContainers].find((c) => c.name === container);
      const liveness = spec?.livenessProbe;
      if (probe === 'startupProbe') {
        const threshold = spec?.startupProbe?.failureThreshold ?? 3;
        return plan(
          `Let ${String(container)} take up to ${seconds} s to start`,
          `its startup probe allows ${allowed} s, which is too short`,
          [
            { op: 'test', path: pointer(`${path}.startupProbe.failureThreshold`), value: threshold },
            {
              op: 'replace',
              path: pointer(`${path}.startupProbe.failureThreshold`),
              value: Math.ceil(seconds / (spec?.startupProbe?.periodSeconds ?? 10)),
            },
          ],
        );
      }
      if (liveness === undefined || spec?.startupProbe !== undefined)
        return { advice: `Give container ${String(container)} more time in its startup probe.` };
      const question = questionOf(liveness);
      return plan(
        `Give ${String(container)} up to ${seconds} s to start before liveness is asked`,
        `liveness allows ${allowed} s and the program needs longer`,
        [
          {
            op: 'add',
            path: pointer(`${path}.startupProbe`),
            value: { ...question, periodSeconds: 2, failureThreshold: Math.ceil(seconds / 2) },
          },
        ],
      );
    }
    if ((typeof meant === 'number' || typeof meant === 'string') && (typeof written === 'number' || typeof written === 'string'))
      return plan(
        `Ask ${finding.code === 'PRB-011' ? 'in' : 'at'} ${finding.code === 'PRB-001' ? 'port ' : ''}${meant} instead of ${written}`,
        finding.message,
        replaceValue(finding.field, written, meant),
      );
    if (typeof supply === 'string') return { advice: supply };
    return {
      advice:
        finding.code === 'PRB-002'
          ? `Name a path in ${finding.field} that the program answers with 200.`
          : `Name the port in ${finding.field} that the program listens at.`,
    };
  },
});

/** What a probe asks, without when and how often. */
function questionOf({ httpGet, tcpSocket, grpc, exec }: ProbeSpec): Record<string, Json> {
  if (httpGet !== undefined) return { httpGet: JSON.parse(JSON.stringify(httpGet)) as Json };
  if (tcpSocket !== undefined) return { tcpSocket: { port: tcpSocket.port } };
  return grpc !== undefined ? { grpc: { port: grpc.port } } : { exec: { command: [...(exec?.command ?? [])] } };
}
