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

/** A Job that is not there may yet be made, with the rest of a release. Milliseconds. */
const ABSENT_MS = 120_000;

/** A Job of the namespace that the arguments or the last lines of a waiting container name as one. */
function awaitedJob(view: View<'Job'>, { workload, spec }: Placed, lines: readonly string[]): KubeObject<'Job'> | undefined {
  const said = [[...spec.command, ...spec.args].join(' '), ...lines.slice(-5)];
  return view
    .list('Job', workload.namespace)
    .find(
      ({ metadata, status }) =>
        !status.conditions.some((c) => c.type === 'Complete' && c.status === 'True') &&
        said.some((text) =>
          [...text.matchAll(/\bjobs?(?:\.batch|-wr|-we)?[/ ]+([a-z0-9][a-z0-9.-]*)/gi)].some(([, name]) => name === metadata.name),
        ),
    );
}

const isSuspended = ({ metadata, spec }: KubeObject<'Job'>): boolean =>
  spec.suspend === true && saidWhy(metadata.annotations) === undefined;
/** It, or a pod of it, has failed. */
const hasFailed = ({ status }: KubeObject<'Job'>): boolean =>
  (status.failed ?? 0) > 0 || status.conditions.some((c) => c.type === 'Failed' && c.status === 'True');

/** The name that the arguments give to a Job that is not there: as kubectl (`job/NAME`) or as programs that wait for one take it (`job NAME`). */
function absentJob(view: View<'Job'>, { workload: { namespace }, spec }: Placed): string | undefined {
  const words = [...spec.command, ...spec.args].flatMap((arg) => arg.split(/\s+/));
  const name = words.flatMap((word, i) => {
    const path = /^jobs?(?:\.batch)?\/([a-z0-9][a-z0-9.-]*)$/.exec(word)?.[1];
    return path ?? (/^job(?:-wr|-we)?$/.test(word) ? (/^[a-z0-9][a-z0-9.-]*$/.exec(words[i + 1] ?? '')?.[0] ?? []) : []);
  })[0];
  return name === undefined || !view.complete('Job', namespace) || view.get('Job', namespace, name) !== undefined ? undefined : name;
}

export const initContainerWaits = defineCheck({
  code: 'POD-013',
  title: 'An init container does not end',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'an init container does not end',
  doc: `The containers of a pod start when its init containers are through. One runs on and its log says that it cannot reach somebody: whom, and what is wrong there,
other checks tell. Where it waits for a Job, as its arguments or its log name it, and that Job is suspended, the Job is the cause; where it failed, what made it fail is; and where it is gone (its time to live after it finished was over, say) the wait
itself is. One that says nothing is only mentioned after ten minutes.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const since = waitingSince(ctx.now, placed, run);
        const lines = waitingLog(ctx, placed, run);
        if (since === undefined || lines === undefined) continue;
        const callee = calleeOf(ctx.view, placed.workload.namespace, lines);
        const job = callee === undefined ? awaitedJob(ctx.view, placed, lines) : undefined;
        const absent = callee === undefined && job === undefined && ctx.now - since > ABSENT_MS ? absentJob(ctx.view, placed) : undefined;
        if (
          callee === undefined &&
          (job === undefined || !(isSuspended(job) || hasFailed(job))) &&
          absent === undefined &&
          ctx.now - since < SILENT_MS
        )
          continue;
        if (job !== undefined && isSuspended(job)) {
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
            ? job !== undefined
              ? ` for Job ${job.metadata.name}, which has ${hasFailed(job) ? 'failed' : 'not completed'},`
              : absent !== undefined
                ? ` for Job ${absent}, which does not exist,`
                : ''
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
            confidence: absent !== undefined ? 0.85 : callee !== undefined || job !== undefined ? 0.65 : 0.45,
            calls: [...callsOf(ctx.view, callee), ...(job === undefined ? [] : [refOf(job)])],
            role: callee?.service === undefined && (job === undefined || !hasFailed(job)) ? 'cause' : 'symptom',
            params: {
              container: placed.spec.name,
              path: placed.path,
              supply:
                absent !== undefined
                  ? `create Job ${absent} again, or take out the wait of ${containerWords(placed)}; a Job that others wait for needs a ttlSecondsAfterFinished long enough, or none`
                  : `see why ${callee === undefined ? 'it does not end: its work, or what it waits for' : `${callee.host} does not answer`}, or take out the wait of ${containerWords(placed)}`,
            },
          },
        ];
      }
      return [];
    }),
});
