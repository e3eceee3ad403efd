import { type KubeObject, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { tellingLine } from '../../../core/telling-line.ts';
import { calleeOf, callsOf } from '../log-callees.ts';
import { saidWhy } from '../said-why.ts';
import { waitingLog, waitingSince } from '../waiting-init.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** One that says nothing may be working; past this it is worth a word. Milliseconds. */
const SILENT_MS = 600_000;

/** A Job that the arguments or the last lines of a waiting container name as one, and that is suspended without an annotation that says why. */
function awaitedJob(view: View<'Job'>, { workload, spec }: Placed, lines: readonly string[]): KubeObject<'Job'> | undefined {
  const said = [[...spec.command, ...spec.args].join(' '), ...lines.slice(-5)];
  return view
    .list('Job', workload.namespace)
    .find(
      ({ metadata, spec: { suspend } }) =>
        suspend === true &&
        saidWhy(metadata.annotations) === undefined &&
        said.some((text) =>
          [...text.matchAll(/\bjobs?(?:\.batch)?[/ ]+([a-z0-9][a-z0-9.-]*)/gi)].some(([, name]) => name === metadata.name),
        ),
    );
}

export const initContainerWaits = defineCheck({
  code: 'POD-013',
  title: 'An init container does not end',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'an init container does not end',
  doc: `The containers of a pod start when its init containers are through. One runs on and its log says that it cannot reach somebody: whom, and what is wrong there,
other checks tell. Where it waits for a Job, as its arguments or its log name it, and that Job is suspended, the Job is the cause. One that says nothing is only mentioned after ten minutes.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const since = waitingSince(ctx.now, placed, run);
        const lines = waitingLog(ctx, placed, run);
        if (since === undefined || lines === undefined) continue;
        const callee = calleeOf(ctx.view, placed.workload.namespace, lines);
        const job = callee === undefined ? awaitedJob(ctx.view, placed, lines) : undefined;
        if (callee === undefined && job === undefined && ctx.now - since < SILENT_MS) continue;
        if (job !== undefined) {
          const held = refOf(job);
          return [
            {
              subject: held,
              field: 'spec.suspend',
              affects: [placed.workload.ref, ...podsOf(placed.runs.filter((r) => r.status.state.running !== undefined))],
              message: `Job ${job.metadata.name} is suspended, and ${containerWords(placed)} of ${placed.workload.object.kind} ${placed.workload.name} waits for it to complete since ${new Date(since).toISOString()}; resume it`,
              evidence: [
                fieldEvidence(held, 'spec.suspend', 'true'),
                ...(lines.length === 0 ? [] : [logEvidence(run, (lines.at(-1) ?? '').slice(0, 300))]),
              ],
              confidence: 0.9,
              params: {
                container: placed.spec.name,
                path: placed.path,
                supply: `resume Job ${job.metadata.name} (spec.suspend false), or ask whoever suspended it`,
              },
            },
          ];
        }
        const line = callee?.line ?? tellingLine(lines);
        const whom =
          callee === undefined
            ? ''
            : ` for ${callee.service === undefined ? callee.host : `Service ${callee.service.metadata.name}`}${callee.port === undefined ? '' : ` on port ${callee.port}`}`;
        return [
          {
            subject: placed.workload.ref,
            field: placed.path,
            affects: podsOf(placed.runs.filter((r) => r.status.state.running !== undefined)),
            message: `${containerWords(placed)} waits${whom} since ${new Date(since).toISOString()}, so the containers of the pod do not start${line === undefined ? '; its log is empty' : ''}`,
            evidence: [
              statusEvidence(run, `running since ${new Date(since).toISOString()}`),
              ...(line === undefined ? [] : [logEvidence(run, line.slice(0, 300))]),
            ],
            confidence: callee === undefined ? 0.45 : 0.65,
            calls: callsOf(ctx.view, callee),
            role: callee?.service === undefined ? 'cause' : 'symptom',
            params: {
              container: placed.spec.name,
              path: placed.path,
              supply: `see why ${callee === undefined ? 'it does not end: its work, or what it waits for' : `${callee.host} does not answer`}, or take out the wait of ${containerWords(placed)}`,
            },
          },
        ];
      }
      return [];
    }),
});
