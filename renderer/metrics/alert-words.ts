import { type IncidentWithPlans, type Unusual, unitOf, valueWords } from '../../agents/contract/index.ts';
import { objectOfLabels } from './series-place.ts';

/** What is unusual in a sentence, and which incident stands on it. Pure. */

const NAMES: Readonly<Record<string, string>> = {
  workload_latency_seconds: 'Requests take',
  ingress_latency_seconds: 'Requests take',
  dns_latency_seconds: 'Answers of the cluster DNS take',
  apiserver_ping_seconds: 'The API server takes',
  workload_requests_per_second: 'Requests fail:',
  ingress_requests_per_second: 'Requests fail:',
  apiserver_requests_per_second: 'Requests to the API server fail:',
  dns_requests_per_second: 'Questions to the cluster DNS fail:',
  workload_cpu_cores: 'Processor time is',
  workload_throttled_ratio: 'Throttled in',
  workload_memory_bytes_max: 'Memory of a pod is',
};

const TRAITS: Readonly<Record<Unusual['trait'], string>> = {
  point: 'it stands out',
  level: 'its level moved',
  wild: 'it moves more than it used to',
  calm: 'it moves less than it used to',
  flat: 'it stopped moving',
  gap: 'readings are missing',
};

/** "Processor time is 1.6 cores". */
export function alertTitle({ signal, labels, value }: Unusual): string {
  const quantile = labels['quantile'];
  const at = quantile === undefined ? '' : quantile === 'mean' ? ' on average' : ` at the ${Number(quantile) * 100}th percentile`;
  return `${NAMES[signal] ?? `${signal} is`} ${valueWords(unitOf(signal), value)}${at}`;
}

/** "expected 280 to 330 millicores, farthest 1.7 cores; its level moved; score 0.94". */
export function alertGrounds({ signal, low, high, worst, score, trait }: Unusual): string {
  const say = (v: number) => valueWords(unitOf(signal), v);
  const [least, most] = [say(Math.max(0, low)), say(high)];
  const unit = / [^ ]+$/.exec(most)?.[0] ?? '';
  // "0.26 to 0.34 cores": a unit that is the same is said once.
  const range = unit !== '' && least.endsWith(unit) ? `${least.slice(0, -unit.length)} to ${most}` : `${least} to ${most}`;
  return `expected ${range}, farthest ${say(worst)}; ${TRAITS[trait]}; score ${score.toFixed(2)}`;
}

/**
 * An incident stands on a signal where one of its evidences is a metric of that name, of the same object or of one that suffers with it. Of
 * several the one that was seen last: another has been taken into it, and is only waited for to be over.
 */
export function incidentOf(
  incidents: readonly IncidentWithPlans[],
  context: string,
  { signal, labels }: Pick<Unusual, 'signal' | 'labels'>,
): IncidentWithPlans | undefined {
  const object = objectOfLabels(labels);
  return incidents
    .filter(
      (i) =>
        i.context === context &&
        i.evidence.some(
          (e) =>
            e.kind === 'metric' &&
            e.source === signal &&
            (object === undefined ||
              (e.resource.namespace === object.namespace && (e.resource.name === object.name || e.resource.kind !== object.kind))),
        ),
    )
    .toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen))[0];
}
