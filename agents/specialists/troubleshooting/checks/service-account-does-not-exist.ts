import type { Kind } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS, workloads } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { refusedBy } from '../refusal-words.ts';
import { refusedPods } from '../refused-pods.ts';
import { count, names } from '../scheduling-evidence.ts';

export const ACCOUNT_KINDS = [...WORKLOAD_KINDS, 'ServiceAccount', 'RoleBinding', 'ClusterRoleBinding'] as const satisfies readonly Kind[];

/** A workload and its account often come in one file. Milliseconds. */
const GRACE_MS = 10_000;

export const serviceAccountDoesNotExist = defineCheck({
  code: 'RBC-001',
  title: 'A ServiceAccount does not exist',
  severity: 'high',
  role: 'cause',
  kinds: ACCOUNT_KINDS,
  hypothesis: 'its ServiceAccount is missing',
  doc: `A pod runs as a ServiceAccount of its namespace; where that does not exist, no pod is admitted. Pods that run already go on, and
the next one will not come: that is said too, less loudly.`,
  run: (ctx) => {
    const { view, now } = ctx;
    const refused = new Map(refusedPods(ctx).map((r) => [r.workload, r]));
    return workloads(view).flatMap((w): FindingDraft[] => {
      const wanted = w.template.spec.serviceAccountName;
      const refusal = refused.get(w);
      const words = refusal === undefined ? undefined : refusedBy(refusal.text);
      const said = words?.by === 'serviceAccount' ? words : undefined;
      const name = wanted ?? said?.name;
      if (name === undefined || name === '') return [];
      const readable = view.complete('ServiceAccount', w.namespace);
      if (view.get('ServiceAccount', w.namespace, name) !== undefined || (!readable && said === undefined)) {
        if (readable) ctx.passed(w.ref, `ServiceAccount ${name} exists`);
        return [];
      }
      const { object } = w;
      const young = now - Date.parse(object.metadata.creationTimestamp ?? '') < GRACE_MS;
      if (object.metadata.deletionTimestamp != null || (said === undefined && (young || w.desired === 0 || isQuiet(w.object)))) return [];
      // A bare pod is there already; who made it once does not matter any more.
      if (object.kind === 'Pod') return [];
      const others = view.list('ServiceAccount', w.namespace).map((s) => s.metadata.name);
      const meant = nearest(
        name,
        others.filter((o) => o !== 'default'),
      );
      const waits = said !== undefined || w.pods.length === 0;
      const field = `${w.specPath}.serviceAccountName`;
      return [
        {
          subject: w.ref,
          field,
          affects: refusal?.by ?? [],
          message:
            `ServiceAccount ${name} does not exist in namespace ${w.namespace}, so ${waits ? `${count(refusal?.missing ?? w.desired, 'pod')} cannot be created` : 'no further pod can be created'}` +
            `; ${meant === undefined ? `there ${others.length === 1 ? 'is' : 'are'} ${names(others) || 'none'}` : `was ${meant} meant?`}`,
          evidence: [...(said === undefined ? [] : (refusal?.evidence ?? [])), fieldEvidence(w.ref, field, `serviceAccountName: ${name}`)],
          severity: waits ? 'high' : 'medium',
          confidence: said !== undefined ? 0.98 : 0.85,
          params: { wanted: name, ...(meant === undefined ? {} : { meant }) },
        },
      ];
    });
  },
});

/** What makes no pod now on purpose: suspended, or over. */
function isQuiet(object: { readonly kind: string; readonly spec: object; readonly status: object }): boolean {
  const { suspend } = object.spec as { suspend?: boolean };
  const { conditions = [] } = object.status as { conditions?: readonly { type: string; status: string }[] };
  return suspend === true || (object.kind === 'Job' && conditions.some((c) => c.status === 'True' && /^(Complete|Failed)$/.test(c.type)));
}
