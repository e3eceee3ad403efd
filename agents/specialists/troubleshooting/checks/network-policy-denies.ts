import { type Kind, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { fieldEvidence, failedRun, failureLog, containerWords, logEvidence, placedContainers, podsOf } from '../containers.ts';
import { calleeOf } from '../log-callees.ts';
import { type Blocked, PATH_KINDS, blockedTo, nameServices } from '../policy-paths.ts';
import { names } from '../scheduling-evidence.ts';
import { waitingLog } from '../waiting-init.ts';

export const networkPolicyDenies = defineCheck({
  code: 'NET-001',
  title: 'A NetworkPolicy denies a connection that is needed',
  severity: 'high',
  role: 'cause',
  kinds: [...PATH_KINDS] as const satisfies readonly Kind[],
  hypothesis: 'a NetworkPolicy denies what it calls',
  doc: `A program fails, or an init container waits, because it cannot reach a Service or cannot resolve its name, and by the rules of the NetworkPolicies on that way the
connection (or the question to the cluster's DNS on port 53) is not allowed. Policies only deny what they do not list, so the one that selects the pods lacks a rule.
Without a complaint in a log nothing is said: a path nobody needs may be closed on purpose.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const { workload } = placed;
      for (const run of placed.runs) {
        const ended = failedRun(run);
        const lines = ended === undefined ? waitingLog(ctx, placed, run) : failureLog(ctx, run, ended);
        const callee = lines === undefined ? undefined : calleeOf(ctx.view, workload.namespace, lines);
        if (callee === undefined || callee.how === 'refused') continue;
        const unresolved = callee.how === 'not-found' || callee.port === 53;
        const toNames = unresolved
          ? nameServices(ctx.view)
              .map((s) => blockedTo(ctx.view, workload, s, 53))
              .find((b) => b !== undefined)
          : undefined;
        const blocked = toNames ?? (callee.service === undefined ? undefined : blockedTo(ctx.view, workload, callee.service, callee.port));
        if (blocked === undefined) {
          ctx.passed(workload.ref, 'no NetworkPolicy is on the way to what it calls');
          continue;
        }
        return [
          finding(
            ctx,
            blocked,
            workload.ref,
            `${containerWords(placed)} of ${workload.object.kind} ${workload.name}`,
            [logEvidence(run, callee.line)],
            podsOf(placed.runs),
            toNames !== undefined,
          ),
        ];
      }
      return [];
    }),
});

function finding(
  ctx: CheckContext<(typeof PATH_KINDS)[number]>,
  { direction, policies, service, to, port }: Blocked,
  caller: ResourceRef,
  who: string,
  evidence: FindingDraft['evidence'],
  pods: readonly ResourceRef[],
  isDns: boolean,
): FindingDraft {
  const [policy] = policies;
  if (policy === undefined) throw new Error('nothing denies without a policy');
  const subject = refOf(policy);
  const field = direction === 'Ingress' ? 'spec.ingress' : 'spec.egress';
  const what = isDns
    ? `the cluster's DNS (${service.metadata.name}, port ${port.number})`
    : `Service ${service.metadata.name} in ${service.metadata.namespace ?? ''} (port ${port.number} of ${to.object.kind} ${to.name})`;
  const fromLabels = ctx.view.get('Namespace', undefined, caller.namespace ?? '');
  return {
    subject,
    field,
    affects: [caller, ...pods, ...(direction === 'Ingress' ? [to.ref] : [])],
    message: `${who} cannot reach ${what}: ${policies.length === 1 ? 'the NetworkPolicy' : `NetworkPolicies ${names(policies.map((p) => p.metadata.name))}`} ${direction === 'Egress' ? `for what leaves its pods (egress) ${policies.length === 1 ? 'does' : 'do'} not list it` : `for what reaches ${to.object.kind} ${to.name} (ingress) ${policies.length === 1 ? 'does' : 'do'} not list the caller`}`,
    evidence: [
      ...evidence,
      fieldEvidence(subject, 'spec.podSelector', JSON.stringify(policy.spec.podSelector ?? {})),
      fieldEvidence(subject, field, JSON.stringify(direction === 'Ingress' ? policy.spec.ingress : policy.spec.egress).slice(0, 400)),
    ],
    confidence: 0.85,
    params: {
      wanted: `${direction} ${caller.kind}/${caller.namespace ?? ''}/${caller.name} ${to.namespace}/${to.name} ${port.number}`,
      direction,
      toKind: to.object.kind,
      toNamespace: to.namespace,
      toName: to.name,
      callerKind: caller.kind,
      callerNamespace: fromLabels?.metadata.name ?? caller.namespace ?? '',
      callerName: caller.name,
      port: port.number,
      dns: isDns,
    },
  };
}
