import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, podsOf } from '../containers.ts';
import { failingProbes } from '../probe-faults.ts';
import { probeWords } from '../probe-words.ts';

/** A command may fail while a program starts. */
const LEAST_FAILURES = 3;
/** What runtimes and shells say of a program that is not there. */
const ABSENT = /executable file not found|no such file or directory|(?:command |: )not found/i;

export const probeCommandFails = defineCheck({
  code: 'PRB-010',
  title: 'The command of a probe fails',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'the command of a probe fails',
  doc: `An exec probe runs a command inside the container. Where the image lacks the command it can never succeed, and the kubelet says so. A command that ends with
an error often gives no words at all; where such a probe kills the container again and again, the probe is what to look at.`,
  run: (ctx) =>
    failingProbes(ctx).flatMap((f): FindingDraft[] => {
      const command = f.spec.exec?.command;
      if (command === undefined) return [];
      const absent = ABSENT.test(f.text);
      const kills = f.probe !== 'readinessProbe' && f.run.status.restartCount > 0 && f.times >= LEAST_FAILURES;
      if (!absent && !kills) return [];
      const missing = absent ? (/exec: "([^"]+)"/.exec(f.text)?.[1] ?? /([\w./-]+): (?:command )?not found/.exec(f.text)?.[1]) : undefined;
      const at = `${f.placed.path}.${f.probe}.exec.command`;
      const field = missing !== undefined && missing === command[0] ? `${at}[0]` : at;
      const late = f.how === 'timeout';
      const seconds = f.spec.timeoutSeconds ?? 1;
      const words = `the ${probeWords(f.probe)} of ${containerWords(f.placed)}`;
      return [
        {
          subject: f.placed.workload.ref,
          field,
          affects: podsOf(f.placed.runs),
          message: absent
            ? `${words} runs ${missing ?? command[0] ?? 'a command'}, which is not in image ${f.placed.spec.image}; name a command that is`
            : `${words} runs ${command.join(' ').slice(0, 120)}, which ${late ? `is not through within ${seconds} s (timeoutSeconds)` : 'fails'}, so the container is killed and started again`,
          evidence: [
            { kind: 'event', resource: refOf(f.run.pod), source: 'Unhealthy', text: f.text },
            fieldEvidence(f.placed.workload.ref, at, JSON.stringify(command)),
          ],
          confidence: absent ? 0.95 : 0.72,
          params: {
            container: f.placed.spec.name,
            path: f.placed.path,
            supply: absent
              ? `name a command in ${at} that image ${f.placed.spec.image} has, instead of ${missing ?? command[0] ?? 'this one'}`
              : late
                ? `give it longer (${f.placed.path}.${f.probe}.timeoutSeconds is ${seconds}), or see what keeps the command waiting: the program, or too little processor time`
                : `run the command of ${at} in the container by hand and see what it ends with; correct it, or what it asks about`,
          },
        },
      ];
    }),
});
