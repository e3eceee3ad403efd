import { type Report, refKey } from '../../contract/index.ts';

/** What a report says, short enough to be written out in a test. */

/** `SCH-001 Deployment/shop/web spec… affects a, b: message`, causes and symptoms alike, in the order of the report. */
export function told(report: Report, role: 'cause' | 'symptom' = 'cause'): readonly string[] {
  return report.findings
    .filter((f) => f.role === role)
    .map((f) => {
      const affects = f.affects.length === 0 ? '' : ` affects ${f.affects.map((a) => a.name).join(', ')}`;
      return `${f.code} ${refKey(f.subject)} ${f.field ?? '-'}${affects}: ${f.message}`;
    });
}

/** What would be done: title, and each action in one line; by `CODE Kind/namespace/name` of the finding. */
export function planned(report: Report): Readonly<Record<string, readonly string[]>> {
  const plans: Record<string, string[]> = {};
  for (const { fingerprint, draft } of report.drafts) {
    const key = fingerprint.split('|').slice(0, 2).join(' ');
    const actions = draft.actions.map((action) => {
      const target = refKey(action.target);
      if (action.type === 'patch')
        return `patch ${target} ${action.ops.map((op) => `${op.op} ${op.path}${'value' in op ? ` ${JSON.stringify(op.value)}` : ''}`).join('; ')}`;
      return action.type === 'create' ? `create ${target} ${JSON.stringify(action.manifest['spec'])}` : `${action.type} ${target}`;
    });
    plans[key] = [...(plans[key] ?? []), draft.title, ...actions];
  }
  return plans;
}

/** Words for a person, by `CODE Kind/namespace/name` of the finding. */
export function advised(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(report.advice.map(({ fingerprint, text }) => [fingerprint.split('|').slice(0, 2).join(' '), text]));
}
