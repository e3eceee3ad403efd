import type { MetricProfile, Sizing } from '../../contract/index.ts';
import { inUnit } from '../../core/signals/watch.ts';

/** What a container would need, from what it took. */

/** Below this nothing is recommended: the busy hour has not been seen. */
const LEAST_HOURS = 24;
const WEEK_HOURS = 168;
/** What is requested above what is taken, and a limit above the most that was taken. */
const ROOM = 1.15;
const LIMIT_ROOM = 1.25;
/** After an OOM kill what it would have taken is not known: at least so much more. */
const AFTER_KILL = 1.5;
/** A difference that is not worth a rollout. */
const WORTH = 0.15;
const MIB = 2 ** 20;

export interface Taken {
  readonly resource: Sizing['resource'];
  readonly request: number | null;
  readonly limit: number | null;
  readonly profile: Pick<MetricProfile, 'p50' | 'p95' | 'p99' | 'max' | 'samples' | 'hoursSeen'> | undefined;
  readonly startUpPeak: number | null;
  readonly oomKills: number;
  readonly replicas: number;
}

type Advice = Pick<Sizing, 'usage' | 'samples' | 'hours' | 'recommended' | 'change' | 'frees' | 'because'>;

export function sized(taken: Taken): Advice {
  const { resource, request, profile, startUpPeak, oomKills, replicas } = taken;
  if (profile === undefined)
    return {
      usage: null,
      samples: 0,
      hours: 0,
      recommended: null,
      change: 'unknown',
      frees: 0,
      because: 'nothing is known of what it takes',
    };
  const { p50, p95, p99, max, samples, hoursSeen: hours } = profile;
  const seen = { usage: { p50, p95, p99, max, startUpPeak }, samples, hours };
  if (hours < LEAST_HOURS) {
    const missing = LEAST_HOURS - hours;
    return {
      ...seen,
      recommended: null,
      change: 'unknown',
      frees: 0,
      because: `not enough history: ${missing} more hour${missing === 1 ? '' : 's'}`,
    };
  }
  const recommended = resource === 'memory' ? memoryFor(taken, p99, max) : processorFor(taken, p95, max);
  const because = wordsOf(taken, { p95, p99, max, hours, samples });
  const alike =
    request !== null &&
    near(request, recommended.request) &&
    (taken.limit === null || recommended.limit === null || near(taken.limit, recommended.limit));
  // Who was killed for want of memory is not left as it is because it takes what it may.
  if (alike && !(resource === 'memory' && oomKills > 0)) return { ...seen, recommended: null, change: 'keep', frees: 0, because };
  const change =
    request === null ? 'set' : recommended.request > request || (recommended.limit ?? 0) > (taken.limit ?? Infinity) ? 'raise' : 'lower';
  return { ...seen, recommended, change, frees: ((request ?? 0) - recommended.request) * replicas, because };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= WORTH * Math.max(a, b);

/** Memory that is not there ends the program: the request covers nearly always, the limit always. */
function memoryFor({ limit, startUpPeak, oomKills }: Taken, p99: number, max: number): { request: number; limit: number | null } {
  const most = Math.max(max, startUpPeak ?? 0);
  const request = wholeMiB(p99 * ROOM);
  if (oomKills > 0 && limit !== null)
    return { request: Math.max(request, wholeMiB(limit)), limit: wholeMiB(Math.max(limit * AFTER_KILL, most * LIMIT_ROOM)) };
  return { request, limit: limit === null ? null : Math.max(request, wholeMiB(most * LIMIT_ROOM)) };
}

/** Processor time that is not there makes it slower: the request covers the busy hours, a limit the start too. */
function processorFor({ limit, startUpPeak }: Taken, p95: number, max: number): { request: number; limit: number | null } {
  const request = wholeMillicores(p95 * ROOM);
  return { request, limit: limit === null ? null : Math.max(request, wholeMillicores(Math.max(max, startUpPeak ?? 0) * LIMIT_ROOM)) };
}

const wholeMiB = (bytes: number): number => Math.max(16, Math.ceil(bytes / MIB / 8) * 8) * MIB;
const wholeMillicores = (cores: number): number => Math.max(10, Math.ceil(cores * 200) * 5) / 1000;

function wordsOf(
  { resource, startUpPeak, oomKills }: Taken,
  { p95, p99, max, hours, samples }: { p95: number; p99: number; max: number; hours: number; samples: number },
): string {
  const unit = (value: number) => inUnit(resource === 'memory' ? 'workload_memory_bytes_max' : 'workload_cpu_cores', value);
  const [name, most] = resource === 'memory' ? ['99 %', p99] : ['95 %', p95];
  return [
    `${name} of the time it takes at most ${unit(most)}, once ${unit(max)}`,
    startUpPeak === null ? 'no start was seen' : `${unit(startUpPeak)} in the first five minutes`,
    `${samples} values of ${hours} hours${hours < WEEK_HOURS ? ', less than a week' : ''}`,
    ...(oomKills > 0
      ? [`it was ended ${oomKills} time${oomKills === 1 ? '' : 's'} for want of memory, so what it would take is not known`]
      : []),
  ].join('; ');
}
