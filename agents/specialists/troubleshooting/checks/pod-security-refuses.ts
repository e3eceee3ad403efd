import { refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { type Workload, type WorkloadKind, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { SECURITY_KINDS, enforceField, enforced, violations } from '../pod-security.ts';
import { refusedBy } from '../refusal-words.ts';
import { refusedPods } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

/** With no word of a refusal, what is young may still be on its way. Milliseconds. */
const GRACE_MS = 15_000;

export const podSecurityRefuses = defineCheck({
  code: 'ADM-001',
  title: 'Pod Security refuses its pods',
  severity: 'high',
  role: 'cause',
  kinds: SECURITY_KINDS,
  hypothesis: 'Pod Security refuses its pods',
  doc: `A namespace may enforce a Pod Security level by its label. Pods that break it are refused when they are created, so the workload
looks healthy but for missing pods. Names each field that breaks the level. Where the refusal itself cannot be read, the fields are
compared with the level, which says less surely the same.`,
  run: (ctx) => {
    const told = new Set<Workload>();
    const said = refusedPods(ctx).flatMap(({ workload, missing, text, evidence, by, admitted }): FindingDraft[] => {
      const refusal = refusedBy(text);
      told.add(workload);
      if (refusal.by !== 'podSecurity') return [];
      const level = enforced(ctx.view, workload.namespace);
      const broken = violations(workload.template.spec, level?.level ?? refusal.level);
      // Without a label the level may be one the whole cluster has by default; then a rehearsal is refused too.
      if (level?.level !== refusal.level && (broken.length === 0 || admitted)) {
        ctx.passed(workload.ref, `namespace ${workload.namespace} no longer enforces ${refusal.level}`);
        return [];
      }
      const rules = broken.length > 0 ? broken.map((v) => v.must) : refusal.violations;
      return [
        {
          subject: workload.ref,
          field: `${workload.specPath}.${broken[0]?.field ?? 'securityContext'}`,
          affects: by,
          message: `${count(missing, 'pod')} cannot be created: namespace ${workload.namespace} enforces Pod Security level ${refusal.level}; ${names(rules, 8)}`,
          evidence: [...evidence, ...(level === undefined ? [] : [fieldEvidence(refOf(level.namespace), enforceField, level.level)])],
          confidence: 0.97,
          params: { level: refusal.level, byHand: refusal.violations.some(needsAPerson) },
        },
      ];
    });
    return [...said, ...unsaid(ctx, told)];
  },
});

/** Violations whose cure takes something away that the program may need. */
function needsAPerson(violation: string): boolean {
  return (
    !/^(?:allowPrivilegeEscalation != false|unrestricted capabilities|runAsNonRoot != true|seccompProfile) \(/.test(violation) ||
    /must not (?:include|set)/.test(violation)
  );
}

/** Pods are missing, nobody may read why, and by its fields the level forbids them. */
function unsaid(ctx: CheckContext<(typeof SECURITY_KINDS)[number]>, told: ReadonlySet<Workload>): FindingDraft[] {
  return workloads(ctx.view).flatMap((workload): FindingDraft[] => {
    const { object, ref, namespace } = workload;
    if (told.has(workload) || (object.kind !== 'StatefulSet' && object.kind !== 'DaemonSet' && object.kind !== 'Job')) return [];
    const level = enforced(ctx.view, namespace);
    if (level === undefined || workload.pods.length > 0 || workload.desired === 0 || isDone(object)) return [];
    const broken = violations(workload.template.spec, level.level);
    const [first] = broken;
    if (first === undefined || ctx.now - Date.parse(object.metadata.creationTimestamp ?? '') < GRACE_MS) return [];
    return [
      {
        subject: ref,
        field: `${workload.specPath}.${first.field}`,
        affects: [],
        message: `no pod exists, and namespace ${namespace} enforces Pod Security level ${level.level}, which forbids them: ${names(
          broken.map((v) => v.must),
          8,
        )}. The KubeEvents that would prove it could not be read or are gone`,
        evidence: [fieldEvidence(refOf(level.namespace), enforceField, level.level)],
        confidence: 0.6,
        params: { level: level.level, byHand: broken.some((v) => v.fix === undefined) },
      },
    ];
  });
}

const isDone = (object: Workload['object'] & { readonly kind: WorkloadKind }) =>
  object.kind === 'Job' &&
  (object.spec.suspend === true || object.status.conditions.some((c) => c.status === 'True') || (object.status.succeeded ?? 0) > 0);
