import { type Diagnosis, SEVERITIES, type Severity, SeveritySchema } from '../../contract/index.ts';
import { EXIT, Refusal, complain } from './exit.ts';
import { story } from './diagnose-story.ts';
import type { CommonFlags } from './flags.ts';
import { paint, plain, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = async ([resource], flags) => {
  const limit = failLimit(flags['failOn']);
  const files = (flags['file'] as readonly string[] | undefined) ?? [];
  if (files.length > 0) {
    const { diagnosePaths } = await import('./diagnose-files.ts');
    const diagnosis = await diagnosePaths(files, resource, flags);
    show(flags, diagnosis, () => story(flags, diagnosis));
    return matches([diagnosis], limit) ? EXIT.failOn : EXIT.ok;
  }
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
    return matches(diagnoses, limit) ? EXIT.failOn : EXIT.ok;
  });
};

function failLimit(given: unknown): Severity | undefined {
  if (given === undefined) return undefined;
  const limit = SeveritySchema.safeParse(given);
  if (limit.success) return limit.data;
  throw new Refusal({ code: 'bad-input', message: `--fail-on takes one of ${SEVERITIES.join(', ')}.` });
}

/** What is found in maintenance is expected by somebody. */
const matches = (diagnoses: readonly Diagnosis[], limit: Severity | undefined): boolean =>
  limit !== undefined &&
  diagnoses.some((d) =>
    [...d.incidents, ...d.information].some(
      (i) => i.maintenance === undefined && SEVERITIES.indexOf(i.severity) >= SEVERITIES.indexOf(limit),
    ),
  );

/** Every line with the cluster it speaks of: of several, none can be taken for another's, also where a line is copied or searched for. */
function named(flags: CommonFlags, context: string, text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${paint(flags, 'bold', plain(context))}  ${line}`))
    .join('\n');
}
