import { defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { containerWords, failedRun, failureLog, fieldEvidence, logEvidence, placedContainers, podsOf } from '../containers.ts';
import { defines, missingVariable } from '../error-lines.ts';
import { saying } from '../saying.ts';
import { count } from '../scheduling-evidence.ts';

export const environmentVariableMissing = defineCheck({
  code: 'POD-002',
  title: 'A program needs an environment variable it is not given',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a program ends because an environment variable is missing',
  doc: `The container ended with a failure, its log names a variable that is missing, and the manifest does not give the container that
variable. All three are needed: a log line alone proves nothing.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed) => {
      for (const run of placed.runs) {
        const ended = failedRun(run);
        if (ended === undefined || ended.reason === 'OOMKilled') continue;
        const lines = failureLog(ctx, run, ended);
        const named = saying(lines ?? [], missingVariable).at(-1);
        if (named === undefined || defines(placed.spec, named.says)) continue;
        const { line, says: variable } = named;
        const given = placed.spec.env.map((e) => e.name);
        const meant = nearest(variable, given);
        return [
          {
            subject: placed.workload.ref,
            field: `${placed.path}.env`,
            affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined)),
            message: `${containerWords(placed)} ends because the environment variable ${variable} is not set, so ${count(placed.runs.length, 'pod')} cannot run; ${meant === undefined ? `give it ${variable}` : `it is given ${meant}: was ${variable} meant?`}`,
            evidence: [
              logEvidence(run, line),
              fieldEvidence(
                placed.workload.ref,
                `${placed.path}.env`,
                given.length === 0 ? 'no variable is set' : `set are ${given.join(', ')}`,
              ),
            ],
            confidence: 0.93,
            params: { container: placed.spec.name, path: placed.path, variable, ...(meant === undefined ? {} : { meant }) },
          },
        ];
      }
      return [];
    }),
});
