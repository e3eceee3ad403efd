import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, logEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { tellingLine } from '../../../core/telling-line.ts';
import { calleeOf, callsOf } from '../log-callees.ts';
import { waitingLog, waitingSince } from '../waiting-init.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** One that says nothing may be working; past this it is worth a word. Milliseconds. */
const SILENT_MS = 600_000;

export const initContainerWaits = defineCheck({
  code: 'POD-013',
  title: 'An init container does not end',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'an init container does not end',
  doc: `The containers of a pod start when its init containers are through. One runs on and its log says that it cannot reach somebody: whom, and what is wrong there,
other checks tell. One that says nothing is only mentioned after ten minutes.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const since = waitingSince(ctx.now, placed, run);
        const lines = waitingLog(ctx, placed, run);
        if (since === undefined || lines === undefined) continue;
        const callee = calleeOf(ctx.view, placed.workload.namespace, lines);
        if (callee === undefined && ctx.now - since < SILENT_MS) continue;
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
