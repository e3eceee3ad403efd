import { type Diagnosis, SEVERITIES, SeveritySchema, refWords } from '../../contract/index.ts';
import { EXIT, Refusal, complain } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { paint, plain, progress, show } from './print.ts';
import { withSession } from './session.ts';
import { severityStyle } from './styles.ts';
import type { Run } from './verb.ts';

export const run: Run = ([resource], flags) => {
  const failOn = flags['failOn'] === undefined ? undefined : SeveritySchema.safeParse(flags['failOn']);
  if (failOn?.success === false) throw new Refusal({ code: 'bad-input', message: `--fail-on takes one of ${SEVERITIES.join(', ')}.` });
  return withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    const diagnoses: Diagnosis[] = [];
    let worstExit: number = EXIT.ok;
    for (const context of flags.context.length > 0 ? flags.context : [undefined]) {
      wait.say(`looking at ${context ?? 'the current context'} …`);
      try {
        diagnoses.push(
          await client.diagnosis.run({
            ...(context === undefined ? {} : { context }),
            namespaces: [...flags.namespace],
            ...(resource === undefined ? {} : { resource }),
          }),
        );
      } catch (error) {
        wait.done();
        worstExit = Math.max(worstExit, complain(error));
      }
    }
    wait.done();
    const [first] = diagnoses;
    if (first !== undefined)
      show(flags, flags.context.length > 1 ? { diagnoses } : first, () =>
        diagnoses.map((d) => (flags.context.length > 1 ? named(flags, d.context, story(flags, d)) : story(flags, d))).join('\n\n'),
      );
    if (worstExit !== EXIT.ok) return worstExit;
    const limit = failOn?.data;
    const matched =
      limit !== undefined && diagnoses.some((d) => d.incidents.some((i) => SEVERITIES.indexOf(i.severity) >= SEVERITIES.indexOf(limit)));
    return matched ? EXIT.failOn : EXIT.ok;
  });
};

/** Every line with the cluster it speaks of: of several, none can be taken for another's, also where a line is copied or searched for. */
function named(flags: CommonFlags, context: string, text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${paint(flags, 'bold', plain(context))}  ${line}`))
    .join('\n');
}

/** A diagnosis as an experienced colleague would say it. */
function story(flags: CommonFlags, d: Diagnosis): string {
  const lines = [
    `${d.context}${d.demo ? ' (demo)' : ''}: ${count(d.incidents.length, 'incident')} among ${d.objects} objects, ${(d.durationMs / 1000).toFixed(1)} s`,
  ];
  for (const incident of d.incidents) {
    lines.push(
      '',
      `${paint(flags, severityStyle(incident.severity), incident.severity.padEnd(8))} ${paint(flags, 'bold', plain(incident.title))}`,
      `         ${incident.id}  ${incident.rootCause.code}${incident.rootCause.field === undefined ? '' : `  ${plain(incident.rootCause.field)}`}`,
    );
    if (incident.rootCause.confidence < 0.7) lines.push(`  likely  confidence ${incident.rootCause.confidence}`);
    for (const e of incident.evidence.slice(0, flags.output === 'wide' ? 20 : 4)) lines.push(`  ${e.kind.padEnd(7)} ${plain(e.text)}`);
    if (incident.symptoms.length > 0)
      lines.push(
        `  so      ${incident.symptoms
          .slice(0, 3)
          .map((s) => plain(s.message))
          .join('; ')}${incident.symptoms.length > 3 ? `; and ${incident.symptoms.length - 3} more` : ''}`,
      );
    if (flags.output === 'wide') for (const r of incident.ruledOut) lines.push(`  not     ${plain(r.hypothesis)}: ${plain(r.because)}`);
    if (incident.advice !== undefined) lines.push(`  needs   ${plain(incident.advice)}`);
    for (const plan of incident.plans)
      lines.push(
        `  plan    ${plan.id}  ${plain(plan.title)} (risk ${plan.risk}${plan.state === 'awaitingApproval' ? '' : `, ${plan.state}${plan.reason === undefined ? '' : `: ${plain(plan.reason)}`}`})`,
      );
  }
  if (d.incidents.length === 0 && d.unexplained.length === 0) lines.push('Nothing is wrong, as far as could be read.');
  for (const u of d.unexplained) lines.push('', `unexplained  ${plain(refWords(u.resource))}: ${plain(u.message)}`);
  for (const i of d.incomplete) lines.push('', `not read  ${plain(i.what)}: ${plain(i.because)}`);
  if (d.incidents.some((i) => i.plans.some((p) => p.state === 'awaitingApproval')))
    lines.push('', 'Look at a plan with quarterdeck plans PLAN, approve it with quarterdeck approve PLAN.');
  return lines.join('\n');
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
