import type { Plan } from '../../contract/index.ts';
import type { CommonFlags } from './flags.ts';
import { age, paint, plain } from './print.ts';

/** A plan as it must be shown before somebody decides: what, on what, why, how it is undone, until when. */
export function planWords(flags: CommonFlags, plan: Plan): string {
  const lines = [
    paint(flags, 'bold', plain(plan.title)),
    `  ${plan.id}  in ${plan.context}  ${plan.state}${plan.reason === undefined ? '' : `: ${plain(plan.reason)}`}`,
    `  because  ${plain(plan.because)}`,
    `  risk     ${plan.risk}: ${plain(plan.riskReasons.join('; '))}`,
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
  lines.push('', `  verify   ${plan.verify.join(', ')} gone for ${plan.stableForSeconds} s`, `  hash     ${plan.hash}`);
  if (plan.decision !== undefined) lines.push(`  decided  ${plan.decision} by ${plain(plan.decidedBy ?? '-')}, ${age(plan.decidedAt)} ago`);
  else if (plan.state === 'awaitingApproval') lines.push(`  expires  ${plan.expires}`);
  return lines.join('\n');
}

const colour = (flags: CommonFlags, line: string): string =>
  line.startsWith('+') ? paint(flags, 'green', line) : line.startsWith('-') ? paint(flags, 'red', line) : line;
