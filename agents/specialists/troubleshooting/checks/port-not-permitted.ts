import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';
import { portForbidden } from '../log-causes.ts';

export const portNotPermitted = defineCheck({
  code: 'POD-011',
  title: 'A program may not open its port',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it may not open its port',
  doc: `Ports below 1024 can be opened by root, or with the capability NET_BIND_SERVICE, or where the pod lowers net.ipv4.ip_unprivileged_port_start. The log says
that opening it was refused. A port from 1024 on needs no right.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), portForbidden).map(({ placed, run, line, says: { port } }): FindingDraft => {
      const own = placed.spec.securityContext;
      const user = own?.runAsUser ?? placed.workload.template.spec.securityContext?.runAsUser;
      const dropped = own?.capabilities?.drop.includes('ALL') === true || own?.capabilities?.drop.includes('NET_BIND_SERVICE') === true;
      const why = dropped
        ? 'its capabilities are dropped'
        : user !== undefined && user !== 0
          ? `it runs as user ${user}`
          : 'it has not the right to';
      return {
        subject: placed.workload.ref,
        field: `${placed.path}.securityContext`,
        affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
        message: `${containerWords(placed)} may not open ${port === undefined ? 'its port' : `port ${port}`}: ports below 1024 need a right, and ${why}; let it listen on one from 1024 on`,
        evidence: [
          logEvidence(run, line),
          fieldEvidence(placed.workload.ref, `${placed.path}.securityContext`, JSON.stringify(own ?? null)),
        ],
        confidence: port !== undefined && port < 1024 ? 0.93 : 0.75,
        params: {
          container: placed.spec.name,
          path: placed.path,
          supply: `let ${containerWords(placed)} listen on a port from 1024 on and point targetPort there, or add the capability NET_BIND_SERVICE`,
        },
      };
    }),
});
