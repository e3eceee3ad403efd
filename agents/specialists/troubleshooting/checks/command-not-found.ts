import { defineCheck } from '../../../core/agent.ts';
import {
  CONTAINER_KINDS,
  containerWords,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
  statusEvidence,
} from '../containers.ts';
import { isOfProgram, startError } from '../container-start.ts';
import { modeWords, mountAt, writtenFiles } from '../mounts.ts';
import { count } from '../scheduling-evidence.ts';

/** Of the runtime: it could not start the program at all. */
const NOT_FOUND = /executable file not found|no such file or directory|stat [^:]+: no such file|not found in \$PATH/i;
const NOT_ALLOWED = /permission denied|is a directory|operation not permitted/i;
/** Of a shell, in its last line: exit status 127 (not found) and 126 (not executable), POSIX 2.8.2. */
const SHELL = /(?:^|[:\s])([^\s:]+): (?:command )?not found|can't open '?([^':]+)'?|([^\s:]+): No such file or directory/;

/** What the loader of a program says, which ends with 127 too: a library, a symbol, a processor that is too old. */
const LOADER = /error (?:while )?loading \w+ librar|symbol lookup error|Error relocating|\bglibc\b|does not support x86-64/i;

/** The bits of a mode by which a file may be executed, and the mode of a script that all may run. */
const EXECUTABLE = 0o111;
const MAY_EXECUTE = 0o755;

export const commandNotFound = defineCheck({
  code: 'POD-001',
  title: 'A command does not exist in the image',
  severity: 'high',
  role: 'cause',
  kinds: CONTAINER_KINDS,
  hypothesis: 'the command names a program the image lacks',
  doc: `The runtime could not start the program the container names (exit status 128, RunContainerError), or a shell in the container could
not (exit status 127, or 126 when it may not be executed). The path is wrong, or the image is another than was meant. A file of a ConfigMap or Secret is
executable only where defaultMode says so.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed) => {
      for (const run of placed.runs) {
        const said = startError(run);
        const ended = failedRun(run);
        let quote: string | undefined;
        let evidence = said === undefined ? undefined : statusEvidence(run, said);
        if (said !== undefined && isOfProgram(said) && (NOT_FOUND.test(said) || NOT_ALLOWED.test(said)))
          quote = /(?:exec: "|executable file `|executable ")([^"`]+)/.exec(said)?.[1] ?? placed.spec.command[0] ?? placed.spec.args[0];
        else if (ended !== undefined && (ended.exitCode === 127 || ended.exitCode === 126)) {
          const lines = failureLog(ctx, run, ended);
          // The program is there where its loader, or the program itself, says what it lacks.
          if (lines === undefined || lines.some((l) => LOADER.test(l))) continue;
          const line = lines.findLast((l) => SHELL.test(l) || /not found|denied/i.test(l));
          const match = line === undefined ? null : SHELL.exec(line);
          quote = match?.[1] ?? match?.[2] ?? match?.[3] ?? placed.spec.command[0];
          evidence = line === undefined ? statusEvidence(run, `exit status ${ended.exitCode}`) : logEvidence(run, line);
        } else {
          if (run.status.started === true || run.status.ready) ctx.passed(placed.workload.ref, 'its programs start');
          continue;
        }
        const denied = said !== undefined ? NOT_ALLOWED.test(said) && !NOT_FOUND.test(said) : ended?.exitCode === 126;
        const mount = denied === true && quote !== undefined ? mountAt(placed, quote, run.pod) : undefined;
        const files = mount === undefined ? undefined : writtenFiles(mount);
        const affects = podsOf(placed.runs.filter((r) => startError(r) !== undefined || failedRun(r) !== undefined));
        if (files !== undefined && (files.mode & EXECUTABLE) === 0)
          return [
            {
              subject: placed.workload.ref,
              field: files.field,
              affects,
              message: `${containerWords(placed)} starts ${JSON.stringify(quote)}, a file of volume ${mount?.volume.name ?? ''} whose mode ${modeWords(files.mode)} lets nobody execute it; set defaultMode to ${modeWords(MAY_EXECUTE)} (${MAY_EXECUTE} in JSON), or start it with its interpreter`,
              evidence: [
                ...(evidence === undefined ? [] : [evidence]),
                fieldEvidence(placed.workload.ref, files.field, files.set ? modeWords(files.mode) : `not set: ${modeWords(files.mode)}`),
              ],
              confidence: 0.95,
              params: { container: placed.spec.name, path: placed.path, right: MAY_EXECUTE, ...(files.set ? { wrong: files.mode } : {}) },
            },
          ];
        const field = `${placed.path}.${placed.spec.command.length > 0 ? 'command' : 'args'}`;
        const written = [...placed.spec.command, ...placed.spec.args];
        return [
          {
            subject: placed.workload.ref,
            field,
            affects,
            message: `${containerWords(placed)} starts ${quote === undefined ? 'a program' : JSON.stringify(quote)}, which ${denied === true ? 'may not be executed' : 'does not exist'} in the image ${placed.spec.image}, so ${count(placed.runs.length, 'pod')} cannot run; name a program the image has`,
            evidence: [
              ...(evidence === undefined ? [] : [evidence]),
              fieldEvidence(placed.workload.ref, field, written.length === 0 ? "the image's own entrypoint" : JSON.stringify(written)),
            ],
            confidence: 0.95,
            params: { container: placed.spec.name, path: placed.path },
          },
        ];
      }
      return [];
    }),
});
