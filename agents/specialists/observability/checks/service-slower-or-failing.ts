import { type Evidence, type Unusual, refKey } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { callees } from '../../../core/callees.ts';
import { tellingLine } from '../../../core/telling-line.ts';
import type { Workload } from '../../../core/workloads.ts';
import { type Rollout, isRollingOut, rolloutBefore, rolloutEvidence } from '../rollouts.ts';
import type { Ctx } from '../running-out.ts';
import { SUBJECT_KINDS, nameOf, podRefs, workloadOfSeries } from '../subjects.ts';
import { alertParams, timesExpected, unusual, unusualEvidence, unusualWords } from '../unusual.ts';

const FELT = ['workload_latency_seconds', 'workload_requests_per_second'] as const;
/** What the same workload takes more of is told with it, not beside it. */
const TAKEN = ['workload_cpu_cores', 'workload_throttled_ratio', 'workload_memory_bytes_max'] as const;
/** So many times what was expected, and users leave. */
const GRAVE = 5;
const LOG_LINES = 200;
const MOST_LOGS = 3;

export const serviceSlowerOrFailing = defineCheck({
  code: 'OBS-010',
  title: 'A service answers slower, or fails more often, than it usually does',
  severity: 'medium',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'performance.degraded',
  hypothesis: 'it answers slower or fails more often than usual',
  doc: `Latency or the rate of failed requests left the range that was learned for this workload and stays outside. Several series of one workload are
one finding; where workloads call each other, the one that calls none of the others is named and the callers are its symptoms. A rollout
shortly before is suspected, and the gravest line of the logs is quoted. Silent while a rollout runs.`,
  run: (ctx) => {
    const seen = new Map<string, { readonly w: Workload; readonly all: Unusual[] }>();
    for (const u of unusual(ctx, ...FELT)) {
      const w = workloadOfSeries(ctx.view, u.labels);
      if (w === undefined || isRollingOut(w, ctx.now, timesExpected(u) >= GRAVE)) continue;
      const key = refKey(w.ref);
      seen.set(key, { w, all: [...(seen.get(key)?.all ?? []), u] });
    }
    return [...seen.values()].map(({ w, all }) => {
      const behind = callees(ctx.view, w);
      return slower(
        ctx,
        w,
        all,
        behind,
        behind.filter((other) => seen.has(refKey(other.ref))),
      );
    });
  },
});

function slower(ctx: Ctx, w: Workload, all: readonly Unusual[], behind: readonly Workload[], slow: readonly Workload[]): FindingDraft {
  const worst = all.reduce((a, b) => (timesExpected(b) > timesExpected(a) ? b : a));
  const since = Math.min(...all.map((u) => Date.parse(u.since)));
  const rollout = rolloutBefore(w, since);
  const taken = unusual(ctx, ...TAKEN).filter((u) => workloadOfSeries(ctx.view, u.labels) === w);
  const lines = slow.length > 0 ? [] : quoted(ctx, [w, ...behind]);
  // What is behind it knows more of why than who waits for it.
  const line = lines.at(-1);
  return {
    subject: w.ref,
    affects: podRefs(w),
    message: `${nameOf(w.ref)}: ${unusualWords(worst)}, since ${new Date(since).toISOString()}${whyWords(rollout, slow, line)}`,
    evidence: [
      ...[...all, ...taken].map((u) => unusualEvidence(w.ref, u)),
      ...(rollout === undefined ? [] : [rolloutEvidence(w, rollout)]),
      ...lines,
    ],
    calls: slow.map((other) => other.ref),
    // With a rollout shortly before, who looks for causes looks into it first.
    role: slow.length > 0 || rollout !== undefined ? 'symptom' : 'cause',
    severity: timesExpected(worst) >= GRAVE || worst.signal === 'workload_requests_per_second' ? 'high' : 'medium',
    confidence: rollout !== undefined || line !== undefined ? 0.85 : 0.6,
    params: { since, ...alertParams(worst), ...(rollout?.earlier === undefined ? {} : { earlier: rollout.earlier }) },
  };
}

function whyWords(rollout: Rollout | undefined, slow: readonly Workload[], line: Evidence | undefined): string {
  if (slow.length > 0) return `; so does ${slow.map((w) => nameOf(w.ref)).join(', ')}, which it calls`;
  const said = line === undefined ? '' : `; the log of ${line.resource.name} says: ${line.text}`;
  if (rollout === undefined) return said === '' ? '; nothing that changed there explains it' : said;
  return `; it began with revision ${rollout.revision}${said}`;
}

/** The gravest line of the newest pod of each, the workload itself first. */
function quoted(ctx: Ctx, places: readonly Workload[]): readonly Evidence[] {
  return places.slice(0, MOST_LOGS).flatMap(({ pods }): Evidence[] => {
    const pod = pods.at(-1);
    const container = pod?.spec.containers[0]?.name;
    if (pod === undefined || container === undefined) return [];
    const restart = pod.status.containerStatuses.find((s) => s.name === container)?.restartCount ?? 0;
    const { name, namespace = '', uid } = pod.metadata;
    const fact = ctx.ask({ type: 'podLogs', namespace, pod: name, container, previous: false, tailLines: LOG_LINES, restart });
    const line = fact?.ok === true ? graveLine(fact.value.lines) : undefined;
    return line === undefined
      ? []
      : [{ kind: 'log', resource: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }, source: container, text: line }];
  });
}

/** Only a line that itself says something went wrong: the log of a healthy program has a gravest line too. */
function graveLine(lines: readonly string[]): string | undefined {
  const line = tellingLine(lines.filter((l) => TROUBLE.test(l)));
  return line === undefined || line.trim() === '' ? undefined : line;
}
const TROUBLE =
  /\b(?:error|fail(?:ed|ure)?|fatal|panic|exception|timed? ?out|timeout|refused|exhausted|unavailable|too many|cannot|denied|deadlock|slow)\b/i;
