import { MetricsTransport } from './metrics-transport.ts';
import { Limiter } from './back-off.ts';
import type { Credentials } from './credentials.ts';
import type { Dispatchers } from './dispatchers.ts';
import { EndingHttp } from './ending-http.ts';
import { OnDemand } from './explore/on-demand.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { Rehearsal } from './rehearsal.ts';
import { ReadOnlyTransport } from './transport.ts';

const PROBES_AT_ONCE = 8;

/** The way to one cluster as the kubeconfig has it: reading, and the right to rehearse. */
export interface ClusterLine {
  readonly target: KubeTarget;
  readonly http: EndingHttp;
  readonly transport: ReadOnlyTransport;
  readonly metrics: MetricsTransport;
  readonly rehearse: Rehearsal;
  readonly probes: Limiter;
  readonly onDemand: OnDemand;
}

/** Nothing is asked yet. */
export function clusterLine(target: KubeTarget, credentials: Credentials, dispatchers: Dispatchers): ClusterLine {
  const http = new EndingHttp(target, credentials, dispatchers);
  const transport = new ReadOnlyTransport(http);
  return {
    target,
    http,
    transport,
    metrics: new MetricsTransport(http),
    rehearse: new Rehearsal(http),
    probes: new Limiter(PROBES_AT_ONCE),
    onDemand: new OnDemand(transport),
  };
}
