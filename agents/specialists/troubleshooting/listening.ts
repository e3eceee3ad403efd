import type { CheckContext } from '../../core/agent.ts';
import { type Workload } from '../../core/workloads.ts';
import { type ServiceKind, readyPods, serving } from './service-pods.ts';

/** What a program says about where it listens, from its log. */

/** `listening on :8080`, `Started server on port(s): 8080 (http)`, `Serving HTTP on 0.0.0.0 port 8000`, `http://localhost:3000`. */
const SAYS =
  /(?:listen\w*|serving|started|running|bound|ready|server)\b[^\n]{0,60}?(?:\bports?(?:\(s\))?[:= ]+|(?:\[?[\w.*:]*\]?):)(\d{2,5})\b/i;

/** Whom it goes to, which may be a server as well. */
const GOES_OUT = /\b(?:connect(?:ed|ing)? to|dial(?:l?ed|l?ing)?|upstream|forward(?:ed|ing)? to|proxying to|reaching)\b/i;

export function portIn(line: string): number | undefined {
  if (GOES_OUT.test(line) && !/\blisten/i.test(line)) return undefined;
  const port = Number(SAYS.exec(line)?.[1]);
  return port > 0 && port <= 65535 ? port : undefined;
}

export interface Said {
  readonly port: number;
  readonly container: string;
  readonly pod: string;
  readonly line: string;
}

/** The ports one pod of the workload says it listens on; undefined while the logs are being read. */
export function listeningSaid(ctx: CheckContext<ServiceKind>, w: Workload): readonly Said[] | undefined {
  const pod = readyPods(w)[0] ?? w.currentPods.find((p) => p.status.phase === 'Running');
  if (pod === undefined) return [];
  const said: Said[] = [];
  for (const container of serving(w)) {
    const status = pod.status.containerStatuses.find((s) => s.name === container.name);
    if (status?.state.running === undefined) continue;
    const fact = ctx.ask({
      type: 'podLogs',
      namespace: w.namespace,
      pod: pod.metadata.name,
      container: container.name,
      previous: false,
      tailLines: 200,
      restart: status.restartCount,
    });
    if (fact === undefined) return undefined;
    if (!fact.ok) {
      ctx.missing(`log of ${w.namespace}/${pod.metadata.name} (${container.name})`, fact.failure.message);
      continue;
    }
    for (const line of fact.value.lines) {
      const port = portIn(line);
      if (port !== undefined && !said.some((s) => s.port === port))
        said.push({ port, container: container.name, pod: pod.metadata.name, line });
    }
  }
  return said;
}
