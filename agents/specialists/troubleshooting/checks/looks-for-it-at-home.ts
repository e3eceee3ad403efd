import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, failedRun, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';
import { names } from '../scheduling-evidence.ts';
import { declaredPorts, probedPorts } from '../service-pods.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** The port at its own address that answered a program with a refusal: Go, Node, Java, Python, libpq, Redis, MySQL. */
const AT_HOME = /(?<![\w.])(?:127\.0\.0\.1|localhost|\[?::1\]?)["']?(?::|, ?(?:port )?| \([^)]*\), port | port )(\d{2,5})\b/i;
function refusedAtHome(line: string): { readonly port: number } | undefined {
  const port = /refused|ECONNREFUSED|cannot connect|can't connect|could not connect|failed to connect/i.test(line)
    ? Number(AT_HOME.exec(line)?.[1])
    : NaN;
  return port > 0 && port <= 65_535 ? { port } : undefined;
}

export const looksForItAtHome = defineCheck({
  code: 'SVC-017',
  title: 'A program looks for a Service at its own address',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'it looks at its own address for what a Service is',
  doc: `The program ended with a failure because a connection to 127.0.0.1 or localhost was refused, no container of its pod opens that port, and a Service of its
namespace has it. In a pod localhost is the pod itself: the program falls back on the default of its own, for it is not told where the Service is, or not under the name
that it reads.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), refusedAtHome).flatMap(({ placed, run, line, says: { port } }): FindingDraft[] => {
      const { workload, spec, path } = placed;
      if ([...declaredPorts(workload).map((p) => p.number), ...probedPorts(workload)].includes(port)) return [];
      const services = ctx.view.list('Service', workload.namespace).filter((s) => s.spec.ports.some((p) => p.port === port));
      if (services.length === 0) return [];
      const meant = names(services.map((s) => s.metadata.name));
      const given = spec.env.map((e) => e.name);
      return [
        {
          subject: workload.ref,
          field: `${path}.env`,
          affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined || !r.status.ready)),
          message: `${containerWords(placed)} looks at its own address for port ${port}, where nothing of its pod listens; Service ${meant} has that port: tell the program so${given.length === 0 ? '' : ` (its variables are ${names(given)}: see whether it reads one of another name)`}`,
          evidence: [logEvidence(run, line), ...services.slice(0, 3).map((s) => fieldEvidence(refOf(s), 'spec.ports', `port ${port}`))],
          confidence: services.length === 1 ? 0.85 : 0.75,
          params: {
            container: spec.name,
            path,
            supply: `give ${containerWords(placed)} of ${workload.object.kind} ${workload.name} the address ${services.length === 1 ? `${meant}:${port}` : `of the Service it needs (${meant}) on port ${port}`} under the variable, argument or setting that the program reads`,
          },
        },
      ];
    }),
});
