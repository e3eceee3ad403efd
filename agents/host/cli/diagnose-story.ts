import { type Diagnosis, type Incident, refWords } from '../../contract/index.ts';
import type { CommonFlags } from './flags.ts';
import { paint, plain } from './print.ts';
import { severityStyle } from './styles.ts';

/** Of what could not be read; all of it is told with -o wide. */
const MOST_LISTED = 8;

/** A diagnosis as an experienced colleague would say it. */
export function story(flags: CommonFlags & Readonly<Record<string, unknown>>, d: Diagnosis): string {
  const wrong = d.incidents.filter((i) => i.severity !== 'info');
  const lines = [
    `${d.context}${d.demo ? ' (demo)' : ''}: ${count(wrong.length, 'incident')} among ${d.objects} objects, ${(d.durationMs / 1000).toFixed(1)} s`,
  ];
  for (const incident of d.incidents) lines.push('', ...incidentLines(flags, incident));
  if (wrong.length === 0 && d.unexplained.length === 0) lines.push('', ...well(d));
  const told = new Set(d.incidents.map((i) => i.id));
  const remarks = d.information.filter((i) => !told.has(i.id));
  if (flags['all'] === true || d.about !== undefined)
    for (const remark of remarks) lines.push('', ...incidentLines(flags, { ...remark, plans: [] }));
  else if (remarks.length > 0)
    lines.push('', `${count(remarks.length, 'remark')} about what could be tidied: --all shows ${remarks.length === 1 ? 'it' : 'them'}.`);
  if (d.dismissed.length > 0)
    lines.push('', `${count(d.dismissed.length, 'accepted incident')} not shown: quarterdeck incidents --state dismissed lists them.`);
  for (const u of d.unexplained) lines.push('', `unexplained  ${plain(refWords(u.resource))}: ${plain(u.message)}`);
  for (const i of d.incomplete)
    lines.push('', `not read  ${plain(flags.output === 'wide' ? i.what : shortened(i.what))}: ${plain(i.because)}`);
  if (d.incidents.some((i) => i.plans.some((p) => p.state === 'awaitingApproval')))
    lines.push('', 'Look at a plan with quarterdeck plans PLAN, approve it with quarterdeck approve PLAN.');
  return lines.join('\n');
}

function incidentLines(flags: CommonFlags, incident: Diagnosis['incidents'][number]): string[] {
  const { severity, title, id, rootCause, evidence, ruledOut, advice, plans, maintenance } = incident;
  const wide = flags.output === 'wide';
  return [
    `${paint(flags, severityStyle(severity), severity.padEnd(8))} ${paint(flags, 'bold', plain(title))}`,
    `         ${id}  ${rootCause.code}${rootCause.field === undefined ? '' : `  ${plain(rootCause.field)}`}`,
    ...(maintenance === undefined ? [] : [`  known   in maintenance, announced by ${plain(maintenance.by)}: ${plain(maintenance.reason)}`]),
    ...(rootCause.confidence < 0.7 ? [`  likely  confidence ${rootCause.confidence}`] : []),
    ...evidence.slice(0, wide ? 20 : 4).map((e) => `  ${e.kind.padEnd(7)} ${plain(e.text)}`),
    ...symptomLines(incident),
    ...(wide ? ruledOut.map((r) => `  not     ${plain(r.hypothesis)}: ${plain(r.because)}`) : []),
    ...(advice === undefined ? [] : [`  needs   ${plain(advice)}`]),
    ...plans.map(
      (plan) =>
        `  plan    ${plan.id}  ${plain(plan.title)} (risk ${plan.risk}${plan.state === 'awaitingApproval' ? '' : `, ${plan.state}${plan.reason === undefined ? '' : `: ${plain(plan.reason)}`}`})`,
    ),
  ];
}

/** Nothing is wrong; of one object also what was looked for. */
function well({ about }: Diagnosis): string[] {
  if (about === undefined) return ['Nothing is wrong, as far as could be read.'];
  return [
    `Nothing is wrong with ${plain(refWords(about.resource))}, as far as could be read.`,
    ...about.ruledOut.map((r) => `  not     ${plain(r.hypothesis)}: ${plain(r.because)}`),
  ];
}

function symptomLines({ symptoms }: Incident): string[] {
  if (symptoms.length === 0) return [];
  const said = symptoms.slice(0, 3).map((s) => plain(s.message));
  return [`  so      ${said.join('; ')}${symptoms.length > 3 ? `; and ${symptoms.length - 3} more` : ''}`];
}

/** A list of which the first tell what it is about. */
function shortened(list: string): string {
  const parts = list.split(', ');
  return parts.length > MOST_LISTED + 1 ? `${parts.slice(0, MOST_LISTED).join(', ')} and ${parts.length - MOST_LISTED} more` : list;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
