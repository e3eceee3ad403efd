import { type Plan, type Reach, refWords } from '../../contract/index.ts';
import type { CommonFlags } from './flags.ts';
import { age, paint, plain } from './print.ts';

/** A plan as it must be shown before somebody decides: what, on what, why, how it is undone, until when. */
export function planWords(flags: CommonFlags, plan: Plan): string {
  const lines = [
    paint(flags, 'bold', plain(plan.title)),
    `  ${plan.id}  in ${plan.context}  ${plan.state}${plan.reason === undefined ? '' : `: ${plain(plan.reason)}`}`,
    `  because  ${plain(plan.because)}`,
    `  risk     ${plan.risk}: ${plain(plan.riskReasons.join('; '))}`,
    ...(plan.autonomy === undefined || plan.autonomy.rule === null ? [] : [`  rules    ${plain(plan.autonomy.because)}`]),
    ...(plan.rank === undefined ? [] : [`  choice   ${plan.rank.place} of ${plan.rank.of}: ${plain(plan.rank.because)}`]),
  ];
  for (const action of plan.actions) {
    lines.push(
      '',
      `  ${plain(action.summary)}`,
      ...action.diff.split('\n').map((l) => `    ${colour(flags, plain(l))}`),
      `  undo     ${plain(action.undo)}`,
    );
  }
  if (plan.permissions.length > 0)
    lines.push(
      '',
      ...labelled(
        'rights',
        plan.permissions.map((p) => `${plain(p.right)}: ${p.allowed ? 'yes' : 'no'}`),
      ),
    );
  lines.push(
    ...labelled(
      'managed',
      plan.managedBy.map((m) =>
        plain(`${refWords(m.resource)} by ${m.by} (${m.name}): ${m.because}${m.putsBack ? '; it puts changes back' : ''}`),
      ),
    ),
  );
  if (plan.reach !== undefined) lines.push(...reachLines(plan.reach));
  if (plan.sourcePatch !== undefined)
    lines.push(`  source   quarterdeck plans ${plan.id} --patch-file prints the change as a patch file for its source`);
  if (plan.approvals !== undefined) lines.push(`  yes from ${plain(plan.approvals.map((a) => a.by).join(', '))}`);
  lines.push(
    '',
    `  verify   ${plan.undoes === undefined ? `${plan.verify.join(', ')} gone` : 'what was put back stands'} for ${plan.stableForSeconds} s`,
    `  hash     ${plan.hash}`,
  );
  if (plan.decision !== undefined) lines.push(`  decided  ${plan.decision} by ${plain(plan.decidedBy ?? '-')}, ${age(plan.decidedAt)} ago`);
  else if (plan.state === 'awaitingApproval') lines.push(`  expires  ${plan.expires}`);
  return lines.join('\n');
}

/** One entry a line, the label before the first. */
const labelled = (label: string, entries: readonly string[]): string[] =>
  entries.map((entry, i) => `  ${(i === 0 ? label : '').padEnd(8)} ${entry}`);

function reachLines({ restarts, ready, dependents, more, budgets }: Reach): string[] {
  const named = dependents.map((d) => `${refWords(d.resource)} ${d.how}`);
  return [
    `  reach    ${restarts === 0 ? 'no pod restarts' : `${restarts} ${restarts === 1 ? 'pod restarts' : 'pods restart'}, ${ready} ready now`}`,
    ...(named.length === 0 ? [] : [`           ${plain(named.join('; '))}${more === 0 ? '' : ` and ${more} more`}`]),
    ...budgets.map((b) => `           ${plain(refWords(b.resource))} allows ${b.allows ?? 'an unknown number of'} disruptions`),
  ];
}

const colour = (flags: CommonFlags, line: string): string =>
  line.startsWith('+') ? paint(flags, 'green', line) : line.startsWith('-') ? paint(flags, 'red', line) : line;
