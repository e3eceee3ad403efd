/** Which of the many metrics that are exposed are those of requests: names that libraries and controllers have by custom. */

export type FamilyScope = 'workload' | 'dns' | 'ingress' | 'apiServer';

export interface FamilyPart {
  readonly scope: FamilyScope;
  /** requests: a counter of answers | bucket, sum, count: of a histogram of how long they took | level: how many at the moment */
  readonly part: 'requests' | 'bucket' | 'sum' | 'count' | 'level';
  /** Seconds in the unit of the metric. */
  readonly scale: number;
}

const counters: readonly (readonly [FamilyScope, string])[] = [
  ['workload', 'http_requests_total'],
  ['workload', 'http_server_requests_total'],
  ['workload', 'http_request_total'],
  ['workload', 'requests_total'],
  ['workload', 'grpc_server_handled_total'],
  ['dns', 'coredns_dns_responses_total'],
  ['ingress', 'nginx_ingress_controller_requests'],
  ['ingress', 'traefik_service_requests_total'],
  ['apiServer', 'apiserver_request_total'],
];
const histograms: readonly (readonly [FamilyScope, string, number?])[] = [
  ['workload', 'http_request_duration_seconds'],
  ['workload', 'http_server_request_duration_seconds'],
  ['workload', 'http_server_requests_seconds'],
  ['workload', 'http_server_duration_milliseconds', 0.001],
  ['workload', 'http_request_duration_milliseconds', 0.001],
  ['workload', 'request_duration_seconds'],
  ['workload', 'grpc_server_handling_seconds'],
  ['dns', 'coredns_dns_request_duration_seconds'],
  ['ingress', 'nginx_ingress_controller_request_duration_seconds'],
  ['ingress', 'traefik_service_request_duration_seconds'],
];

export const FAMILIES: ReadonlyMap<string, FamilyPart> = new Map<string, FamilyPart>([
  ...counters.map(([scope, name]) => [name, { scope, part: 'requests', scale: 1 }] as const),
  ...histograms.flatMap(([scope, name, scale = 1]) =>
    (['bucket', 'sum', 'count'] as const).map((part) => [`${name}_${part}`, { scope, part, scale }] as const),
  ),
  ['apiserver_current_inflight_requests', { scope: 'apiServer', part: 'level', scale: 1 }] as const,
]);

const STATUS = ['code', 'status', 'status_code', 'http_status_code', 'http_response_status_code', 'grpc_code', 'rcode'];

/** `2xx`, `5xx`, or the word that stands there; `all` where answers are not told apart. */
export function classOf(labels: Readonly<Record<string, string>>): string {
  for (const name of STATUS) {
    const value = labels[name];
    if (value === undefined || value === '') continue;
    return /^[1-5]\d\d$/.test(value) ? `${value[0]}xx` : value.slice(0, 40);
  }
  return 'all';
}
