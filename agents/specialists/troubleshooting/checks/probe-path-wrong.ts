import { refOf } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, podsOf } from '../containers.ts';
import { PROBES, failingProbes } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';

/** Answers that say "there is no such thing", not "I am not well": RFC 9110 15.5. */
const NO_SUCH = new Set([404, 405, 410, 501]);

export const probePathWrong = defineCheck({
  code: 'PRB-002',
  title: 'A probe asks for a path the program does not have',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'a probe asks for the wrong path',
  doc: `The program answers the probe, with 404 or another status that says there is no such path. Statuses such as 500 or 503 are the
program's own word that it is not well, and are another fault.`,
  run: (ctx) =>
    failingProbes(ctx).flatMap((f) => {
      const { httpGet } = f.spec;
      if (f.how !== 'status' || f.statusCode === undefined || !NO_SUCH.has(f.statusCode) || httpGet === undefined) return [];
      const path = httpGet.path ?? '/';
      const field = `${f.placed.path}.${f.probe}.httpGet.path`;
      const others = PROBES.filter((p) => p !== f.probe).flatMap((p) => f.placed.spec[p]?.httpGet?.path ?? []);
      const works =
        f.run.status.ready && f.probe !== 'readinessProbe'
          ? f.placed.spec.readinessProbe?.httpGet?.path
          : f.run.status.started === true && f.placed.spec.startupProbe?.httpGet !== undefined && f.probe !== 'startupProbe'
            ? f.placed.spec.startupProbe.httpGet.path
            : undefined;
      const meant =
        works ??
        (f.probe === 'readinessProbe' && f.placed.spec.livenessProbe !== undefined && !f.text.startsWith('Liveness')
          ? f.placed.spec.livenessProbe.httpGet?.path
          : undefined);
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs),
          message: `the ${probeWords(f.probe)} of ${containerWords(f.placed)} asks for ${path}, which the program answers with ${f.statusCode}${meant !== undefined && meant !== path ? `; ${meant} is answered` : others.length > 0 ? '' : '; name a path it answers with 200'}`,
          evidence: [
            { kind: 'event' as const, resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            fieldEvidence(f.placed.workload.ref, field, `path: ${path}`),
          ],
          confidence: 0.95,
          params: {
            container: f.placed.spec.name,
            path: f.placed.path,
            written: path,
            ...(meant !== undefined && meant !== path ? { meant } : {}),
          },
        },
      ];
    }),
});
