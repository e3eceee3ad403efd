import { refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { Workload } from '../../../core/workloads.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, placedContainers, podsOf } from '../containers.ts';
import { unwellRuns } from '../failing-runs.ts';
import { calleeOf } from '../log-callees.ts';
import { failingProbes, probePort } from '../probe-faults.ts';
import { selected } from '../service-pods.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

type Ctx = CheckContext<(typeof CALLING_KINDS)[number]>;

/** An address of the pod itself with a port. `localhost` in a log is what programs print for people, and proves nothing. */
const HOME = /(?<![\w.@-])(?:127\.0\.0\.1|\[::1\]|localhost):(\d{2,5})\b/;
const NUMBER = /(?<![\w.@-])(?:127\.0\.0\.1|\[::1\]):(\d{2,5})\b/;
/** How arguments and variables are called that say where to listen, and how programs say that they do. */
const BIND = /(?:^|[-_])(?:p|b|bind|listen|addr|address|host|http|serve|server)(?:$|[-_=\s])/i;
const LISTENS = /\b(?:listen\w*|serving|running|bound|started|ready)\b/i;

interface Bound {
  readonly field: string;
  readonly text: string;
  readonly port: number;
}

/** Where the manifest has the program listen at home: an argument after, or with, a word for it; a variable of such a name. */
function boundBy({ spec, path }: Placed): readonly Bound[] {
  const found = (field: string, text: string, said: string): Bound[] => {
    const port = Number(HOME.exec(text)?.[1]);
    return port > 0 && BIND.test(said) ? [{ field, text, port }] : [];
  };
  const words = (['command', 'args'] as const).flatMap((list) =>
    spec[list].flatMap((text, i) =>
      found(`${path}.${list}[${i}]`, text, `${spec[list][i - 1] ?? ''} ${text}`.trim().replace(/^.* (?=-)/, '')),
    ),
  );
  return [...words, ...spec.env.flatMap(({ name, value }, i) => found(`${path}.env[${i}].value`, value ?? '', name))];
}

/** What the log of a container says of the port, as an address of the pod itself. */
function saidAtHome(lines: readonly string[], port: number): string | undefined {
  return lines.find((line) => LISTENS.test(line) && Number(NUMBER.exec(line)?.[1]) === port);
}

/** The finding for a container that listens on the port at home only; undefined where nothing shows that it does. */
function atHome(
  ctx: Ctx,
  placed: Placed,
  port: number,
  who: string,
  affects: FindingDraft['affects'],
  evidence: FindingDraft['evidence'],
): FindingDraft[] {
  const bound = boundBy(placed).find((b) => b.port === port);
  const [run] = placed.runs;
  const log =
    bound !== undefined || run?.status.state.running === undefined
      ? undefined
      : ctx.ask({
          type: 'podLogs',
          namespace: placed.workload.namespace,
          pod: run.pod.metadata.name,
          container: placed.spec.name,
          previous: false,
          tailLines: 100,
          restart: run.status.restartCount,
        });
  const line = log?.ok === true ? saidAtHome(log.value.lines, port) : undefined;
  if (bound === undefined && line === undefined) return [];
  const { workload, spec, path } = placed;
  return [
    {
      subject: workload.ref,
      field: bound?.field ?? path,
      affects,
      message: `${containerWords(placed)} listens on port ${port} at the pod's own address only (${bound?.text ?? line?.trim().slice(0, 200) ?? ''}), so ${who} is refused; let it listen on all addresses (0.0.0.0)`,
      evidence: [
        ...evidence,
        ...(bound === undefined ? [] : [fieldEvidence(workload.ref, bound.field, bound.text)]),
        ...(line === undefined || run === undefined ? [] : [logEvidence(run, line)]),
      ],
      confidence: 0.88,
      params: {
        container: spec.name,
        path,
        ...(bound === undefined
          ? {
              supply: `have the program of ${containerWords(placed)} listen on 0.0.0.0 (or [::]) port ${port}, by whatever option or variable it takes`,
            }
          : { wrong: bound.text, right: bound.text.replace(HOME, `0.0.0.0:$1`) }),
      },
    },
  ];
}

export const listensAtHomeOnly = defineCheck({
  code: 'SVC-019',
  title: 'A program listens at the own address of its pod only',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'it listens at its own address only',
  doc: `A program that is bound to 127.0.0.1 is reached by the containers of its own pod, and by nobody else: callers and the kubelet's probes are refused, while it runs and a look from
inside succeeds. Many frameworks do so by default when they are started for development. Somebody was refused at the port, and an argument, a variable or the log shows that address.`,
  run: (ctx) => {
    const found = new Map<Workload, FindingDraft>();
    const keep = (workload: Workload, [draft]: readonly FindingDraft[]) => {
      if (draft !== undefined && !found.has(workload)) found.set(workload, draft);
    };
    for (const f of failingProbes(ctx)) {
      const port = probePort(f.spec, f.placed.spec);
      if (f.how !== 'refused' || port === undefined) continue;
      const event = { kind: 'event' as const, resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text };
      keep(f.placed.workload, atHome(ctx, f.placed, port, 'the kubelet', podsOf(f.placed.runs), [event]));
    }
    for (const { placed: caller, run, lines } of unwellRuns(ctx)) {
      const callee = calleeOf(ctx.view, caller.workload.namespace, lines);
      if (callee?.service === undefined || callee.how !== 'refused') continue;
      const port = callee.service.spec.ports.find((p) => p.port === callee.port);
      if (port === undefined) continue;
      const behind = new Set(selected(ctx.view, callee.service));
      for (const placed of placedContainers(ctx).filter((p) => behind.has(p.workload) && p.role !== 'init')) {
        const { targetPort = port.port } = port;
        const number = typeof targetPort === 'number' ? targetPort : placed.spec.ports.find((p) => p.name === targetPort)?.containerPort;
        if (number === undefined) continue;
        const who = `${caller.workload.object.kind} ${caller.workload.name}`;
        keep(
          placed.workload,
          atHome(ctx, placed, number, who, [refOf(callee.service), caller.workload.ref], [logEvidence(run, callee.line)]),
        );
      }
    }
    return [...found.values()];
  },
});
