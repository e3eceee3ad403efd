import type { ContainerStatus, Health, KubeObject } from '../contract/index.ts';

/** A pod's state in the words of `kubectl get pods`, which people know by heart, with what it means. */
export interface PodState {
  readonly state: string;
  readonly health: Health;
  /** Containers that are ready, of those that should be. */
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
}

/** Waiting reasons a pod passes through on its way up. Every other one is a fault that lasts. */
const ON_THE_WAY = new Set(['ContainerCreating', 'PodInitializing', 'SchedulingGated', 'Pending', 'Terminating']);

type Pod = KubeObject<'Pod'>;

export function podState(pod: Pod): PodState {
  const { status, spec } = pod;
  const sidecars = new Set(spec.initContainers.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  const counted = [...status.containerStatuses, ...status.initContainerStatuses.filter((s) => sidecars.has(s.name))];
  const ready = counted.filter((s) => s.ready && s.state.running !== undefined).length;
  const containers = spec.containers.length + sidecars.size;
  const preparing = initState(pod, sidecars);
  const restarting = preparing === undefined ? counted : status.initContainerStatuses;
  const restarts = restarting.reduce((sum, s) => sum + s.restartCount, 0);
  const state = wordOf(pod, preparing);
  return { state, health: healthOf(pod, state, ready, containers, restarts), ready, containers, restarts };
}

/** How far the init containers are; undefined when they are through. */
function initState({ spec, status }: Pod, sidecars: ReadonlySet<string>): string | undefined {
  const all = spec.initContainers.length;
  for (const [i, s] of status.initContainerStatuses.entries()) {
    const { terminated, waiting } = s.state;
    if (terminated?.exitCode === 0 || (sidecars.has(s.name) && s.started === true)) continue;
    if (terminated !== undefined) return `Init:${endWord(terminated)}`;
    if (waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
    return `Init:${i}/${all}`;
  }
  return undefined;
}

function wordOf({ metadata, status }: Pod, preparing: string | undefined): string {
  if (metadata.deletionTimestamp != null) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  if (preparing !== undefined) return preparing;
  const scheduled = status.conditions.find((c) => c.type === 'PodScheduled');
  let word = status.reason ?? (scheduled?.reason === 'SchedulingGated' ? 'SchedulingGated' : (status.phase ?? 'Unknown'));
  let running = false;
  // The first container's word wins, as kubectl has it.
  for (const s of status.containerStatuses.toReversed()) {
    const said = containerWord(s);
    if (said !== undefined) word = said;
    else running ||= s.ready && s.state.running !== undefined;
  }
  if (word !== 'Completed' || !running) return word;
  return status.conditions.some((c) => c.type === 'Ready' && c.status === 'True') ? 'Running' : 'NotReady';
}

function containerWord({ state: { waiting, terminated } }: ContainerStatus): string | undefined {
  if (waiting?.reason !== undefined && waiting.reason !== '') return waiting.reason;
  return terminated === undefined ? undefined : endWord(terminated);
}

function endWord({ reason, signal, exitCode }: NonNullable<ContainerStatus['state']['terminated']>): string {
  if (reason !== undefined && reason !== '') return reason;
  return signal !== undefined && signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function healthOf({ status }: Pod, state: string, ready: number, containers: number, restarts: number): Health {
  if (state === 'Unknown') return 'unknown';
  if (state === 'Completed' || state === 'Succeeded') return 'ok';
  if (state === 'Running') {
    if (ready >= containers) return 'ok';
    return restarts > 0 ? 'warn' : 'progressing';
  }
  if (state === 'Pending' && status.conditions.some((c) => c.type === 'PodScheduled' && c.reason === 'Unschedulable')) return 'warn';
  if (ON_THE_WAY.has(state) || /^Init:\d+\/\d+$/.test(state)) return 'progressing';
  return state === 'NotReady' ? 'warn' : 'fail';
}
