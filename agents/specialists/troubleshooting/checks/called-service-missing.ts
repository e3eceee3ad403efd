import type { Kind } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import {
  type ContainerRun,
  type Placed,
  containerWords,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
} from '../containers.ts';
import { asWord, written } from '../host-in-manifest.ts';
import { type Callee, calleeOf } from '../log-callees.ts';
import { names } from '../scheduling-evidence.ts';
import { waitingLog } from '../waiting-init.ts';

export const CALLING_KINDS = [...WORKLOAD_KINDS, 'Service', 'Namespace'] as const satisfies readonly Kind[];
type Ctx = CheckContext<(typeof CALLING_KINDS)[number]>;

export const calledServiceMissing = defineCheck({
  code: 'SVC-011',
  title: 'A program calls a Service that does not exist',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'a Service it calls does not exist',
  doc: `The program fails, or an init container waits, and the log names a host that would be a Service by the cluster's DNS: a bare name of its own namespace, or one
with a namespace that exists. No Service of that name is there. A host outside the cluster is only quoted.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const ended = failedRun(run);
        const lines = ended === undefined ? waitingLog(ctx, placed, run) : failureLog(ctx, run, ended);
        const callee = lines === undefined ? undefined : calleeOf(ctx.view, placed.workload.namespace, lines);
        if (callee?.meant === undefined || callee.how === 'refused' || !ctx.view.complete('Service', callee.meant.namespace)) continue;
        return [missing(ctx, placed, run, callee, callee.meant)];
      }
      return [];
    }),
});

/** The host with another name of its Service. */
function withName(host: string, name: string, right: string): string {
  const labels = host.split('.');
  const at = labels.indexOf(name);
  return labels.map((label, i) => (i === at ? right : label)).join('.');
}

function missing(ctx: Ctx, placed: Placed, run: ContainerRun, callee: Callee, meant: NonNullable<Callee['meant']>): FindingDraft {
  const at = written(placed, callee.host);
  const there = ctx.view.list('Service', meant.namespace).map((s) => s.metadata.name);
  const near = nearest(meant.name, there);
  const elsewhere = ctx.view.list('Service').filter((s) => s.metadata.name === meant.name && s.metadata.namespace !== meant.namespace);
  const [other, another] = elsewhere;
  const right = near ?? (other !== undefined && another === undefined ? `${meant.name}.${other.metadata.namespace ?? ''}` : undefined);
  // Only the name is replaced: what stands around it (port, path, domain) stays.
  const value =
    right === undefined || at === undefined
      ? undefined
      : at.value.replace(asWord(callee.host), near === undefined ? right : withName(callee.host, meant.name, near));
  const hint =
    near !== undefined
      ? `was ${near} meant?`
      : elsewhere.length > 0
        ? `there is one of that name in ${names(elsewhere.map((s) => s.metadata.namespace ?? ''))}`
        : `there are ${names(there) || 'none'}`;
  return {
    subject: placed.workload.ref,
    field: at?.field ?? placed.path,
    affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
    message: `${containerWords(placed)} calls Service ${meant.name} in ${meant.namespace}, which does not exist; ${hint}`,
    evidence: [logEvidence(run, callee.line), ...(at === undefined ? [] : [fieldEvidence(placed.workload.ref, at.field, at.value)])],
    confidence: callee.how === 'not-found' || at !== undefined ? 0.93 : 0.8,
    params: {
      wanted: meant.name,
      kind: 'Service',
      container: placed.spec.name,
      path: placed.path,
      ...(value !== undefined && at !== undefined && value !== at.value
        ? { wrong: at.value, right: value }
        : {
            supply: `create the Service ${meant.name} in ${meant.namespace} again, or let ${containerWords(placed)} call one that exists`,
          }),
    },
  };
}
