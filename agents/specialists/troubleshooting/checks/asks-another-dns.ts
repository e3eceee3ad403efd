import { type Kind } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, failedRun, failureLog, fieldEvidence, logEvidence, placedContainers, podsOf } from '../containers.ts';
import { calleeOf } from '../log-callees.ts';
import { nameServices } from '../policy-paths.ts';
import { names } from '../scheduling-evidence.ts';
import { waitingLog } from '../waiting-init.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

export const asksAnotherDns = defineCheck({
  code: 'DNS-001',
  title: "A pod does not ask the cluster's DNS",
  severity: 'high',
  role: 'cause',
  kinds: [...CALLING_KINDS] as const satisfies readonly Kind[],
  hypothesis: "it does not ask the cluster's DNS",
  doc: `A program cannot resolve the name of a Service that exists, and its pod asks another DNS server: dnsPolicy None with nameservers of its own, dnsPolicy Default
(that of the node), or, on the network of the node, ClusterFirst, which there means Default. ClusterFirst (ClusterFirstWithHostNet on the node's network) asks the cluster's.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const { workload } = placed;
      const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = workload.template.spec;
      const onNode = hostNetwork === true;
      const own = nameServices(ctx.view).flatMap((s) => s.spec.clusterIP ?? []);
      const asksOurs =
        dnsPolicy === 'None'
          ? (dnsConfig?.nameservers ?? []).some((ip) => own.includes(ip))
          : onNode
            ? dnsPolicy === 'ClusterFirstWithHostNet'
            : dnsPolicy !== 'Default';
      if (asksOurs) return [];
      for (const run of placed.runs) {
        const ended = failedRun(run);
        const lines = ended === undefined ? waitingLog(ctx, placed, run) : failureLog(ctx, run, ended);
        const callee = lines === undefined ? undefined : calleeOf(ctx.view, workload.namespace, lines);
        if (
          callee === undefined ||
          (callee.how !== 'not-found' && callee.port !== 53) ||
          (callee.service === undefined && callee.port !== 53)
        )
          continue;
        const field = `${workload.specPath}.dnsPolicy`;
        const right = onNode ? 'ClusterFirstWithHostNet' : 'ClusterFirst';
        return [
          {
            subject: workload.ref,
            field,
            affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
            message: `${containerWords(placed)} cannot resolve ${callee.host}: dnsPolicy is ${dnsPolicy}${dnsPolicy === 'None' ? ` and its nameservers are ${names(dnsConfig?.nameservers ?? [])}` : onNode ? ' on the network of the node' : ''}, so the cluster's DNS is not asked; set it to ${right}`,
            evidence: [logEvidence(run, callee.line), fieldEvidence(workload.ref, field, dnsPolicy)],
            confidence: 0.92,
            params: { container: placed.spec.name, wrong: dnsPolicy, right },
          },
        ];
      }
      return [];
    }),
});
