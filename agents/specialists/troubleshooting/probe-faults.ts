import type { Container, KubeEventFact, ProbeSpec } from '../../contract/index.ts';
import { refOf } from '../../contract/index.ts';
import type { CheckContext } from '../../core/agent.ts';
import type { WorkloadKind } from '../../core/workloads.ts';
import { type ContainerRun, type Placed, failedRun, placedContainers } from './containers.ts';
import { portIn } from './listening.ts';

export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
export type ProbeField = (typeof PROBES)[number];
const EVENT_WORD: Readonly<Record<string, ProbeField>> = {
  Liveness: 'livenessProbe',
  Readiness: 'readinessProbe',
  Startup: 'startupProbe',
};

/** What the kubelet said about a failing probe of a container, read from its events. */
export interface FailingProbe {
  readonly placed: Placed;
  readonly run: ContainerRun;
  readonly probe: ProbeField;
  readonly spec: ProbeSpec;
  readonly how: 'refused' | 'status' | 'timeout' | 'other';
  /** Of an HTTP probe that was answered. */
  readonly statusCode: number | undefined;
  readonly text: string;
  readonly times: number;
  /** The kubelet says that it ended the container because of a probe. */
  readonly killed: boolean;
  /** Ports the container is known to listen on, with how that is known. */
  readonly listens: readonly { readonly port: number; readonly because: string }[];
  /** The end of its log; empty while it is being read and where it cannot be. */
  readonly log: readonly string[];
}

/** A restart older than this is past, whatever ended the container then. */
const RECENT_MS = 300_000;

/** Worth asking for events: not ready for longer than its probes allow at the start, or lately ended while a probe could have done it. */
function suspicious(run: ContainerRun, spec: Container, now: number): boolean {
  const ended = failedRun(run)?.now === true ? run.status.state.terminated : run.status.lastState.terminated;
  const lately = ended?.finishedAt != null && now - Date.parse(ended.finishedAt) < RECENT_MS;
  const killable = spec.livenessProbe !== undefined || spec.startupProbe !== undefined;
  // Whoever heeds SIGTERM ends with 0 when its probe has it ended.
  if (lately && killable && ended.reason !== 'OOMKilled') return true;
  const started = run.status.state.running?.startedAt;
  if (run.status.ready || started === undefined || started === null) return false;
  const { readinessProbe: r, startupProbe: s } = spec;
  const patience =
    (s === undefined ? 0 : (s.failureThreshold ?? 3) * (s.periodSeconds ?? 10)) +
    (r?.initialDelaySeconds ?? 0) +
    (r?.periodSeconds ?? 10) * (r?.failureThreshold ?? 3);
  return (r !== undefined || s !== undefined) && now - Date.parse(started) > Math.min(patience, 6) * 1000;
}

const portOf = (spec: ProbeSpec): number | string | undefined => spec.httpGet?.port ?? spec.tcpSocket?.port ?? spec.grpc?.port;

/** A probe's port as a number: names are looked up among the container's ports. Undefined where the name is not there. */
export function probePort(spec: ProbeSpec, container: Container): number | undefined {
  const port = portOf(spec);
  return typeof port === 'string'
    ? (container.ports.find((p) => p.name === port)?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : undefined))
    : port;
}

export const writtenPort = portOf;

/** Every failing probe of containers that run but are not well, with the kubelet's own words. Asks for events and, then, the log. */
export function failingProbes(ctx: CheckContext<WorkloadKind>): readonly FailingProbe[] {
  return placedContainers(ctx).flatMap((placed) => {
    if (placed.role === 'init' || PROBES.every((p) => placed.spec[p] === undefined)) return [];
    const run = placed.runs.find((r) => suspicious(r, placed.spec, ctx.now));
    if (run === undefined) return [];
    const events = ctx.ask({ type: 'objectEvents', resource: refOf(run.pod), revision: String(run.status.restartCount) });
    if (events === undefined || !events.ok) {
      if (events?.ok === false && events.failure.code === 'forbidden')
        ctx.missing(`events in ${placed.workload.namespace}`, events.failure.message);
      return [];
    }
    const failing = worst(events.value.events, placed);
    const spec = failing === undefined ? undefined : placed.spec[failing.probe];
    if (failing === undefined || spec === undefined) return [];
    const killing = `ontainer ${placed.spec.name} failed `;
    const killed = events.value.events.some((e) => e.reason === 'Killing' && e.message.includes(killing));
    const log = logOf(ctx, placed, run);
    return [{ placed, run, spec, ...failing, killed, listens: listens(placed, run, failing.probe, log), log }];
  });
}

/** Failing probes because of which the kubelet ends containers. */
export function probesThatKill(ctx: CheckContext<WorkloadKind>): ReadonlyMap<Placed, FailingProbe> {
  return new Map(failingProbes(ctx).flatMap((f) => (f.probe === 'readinessProbe' ? [] : [[f.placed, f] as const])));
}

/** The failing probe that does most harm: startup, then liveness, then readiness. */
function worst(
  events: readonly KubeEventFact[],
  { spec }: Placed,
): Pick<FailingProbe, 'probe' | 'how' | 'statusCode' | 'text' | 'times'> | undefined {
  const failed = events.flatMap((e) => {
    if (e.reason !== 'Unhealthy') return [];
    const probe = EVENT_WORD[/^(\w+) probe/.exec(e.message)?.[1] ?? ''];
    if (probe === undefined || spec[probe] === undefined) return [];
    const status = /statuscode: (\d+)/i.exec(e.message)?.[1];
    const how =
      status !== undefined
        ? ('status' as const)
        : // A gRPC probe that gets no connection at all says so in these words, and of no answer in others.
          /refused|failed to connect service/i.test(e.message)
          ? ('refused' as const)
          : /deadline|timed? ?out/i.test(e.message)
            ? ('timeout' as const)
            : ('other' as const);
    return [{ probe, how, statusCode: status === undefined ? undefined : Number(status), text: e.message, times: e.count }];
  });
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
    const own = failed.filter((f) => f.probe === probe).sort((a, b) => b.times - a.times);
    const [first] = own;
    if (first !== undefined) return { ...first, times: own.reduce((n, f) => n + f.times, 0) };
  }
  return undefined;
}

function logOf(ctx: CheckContext<WorkloadKind>, { spec, workload }: Placed, run: ContainerRun): readonly string[] {
  const fact = ctx.ask({
    type: 'podLogs',
    namespace: workload.namespace,
    pod: run.pod.metadata.name,
    container: spec.name,
    previous: run.status.state.running === undefined && run.status.state.terminated === undefined,
    tailLines: 100,
    restart: run.status.restartCount,
  });
  return fact?.ok === true ? fact.value.lines : [];
}

/** Where the container listens: as it says in its log, as another probe of it proves, or as its manifest declares. */
function listens({ spec }: Placed, run: ContainerRun, failing: ProbeField, log: readonly string[]): FailingProbe['listens'] {
  const found = new Map<number, string>();
  for (const line of log) {
    const port = portIn(line);
    if (port !== undefined && !found.has(port)) found.set(port, `its log says "${line.trim().slice(0, 120)}"`);
  }
  if (run.status.ready && spec.readinessProbe !== undefined && failing !== 'readinessProbe') {
    const port = probePort(spec.readinessProbe, spec);
    if (port !== undefined && !found.has(port)) found.set(port, 'its readiness probe is answered there');
  }
  for (const { containerPort } of spec.ports) if (!found.has(containerPort)) found.set(containerPort, 'its manifest declares it');
  return [...found].map(([port, because]) => ({ port, because }));
}
