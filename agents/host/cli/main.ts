import { Command, CommanderError } from 'commander';
import { VERBS } from './verbs.ts';
import { addCommonFlags, type CommonFlags } from './flags.ts';
import { complain, EXIT } from './exit.ts';

/** The command line: a client of the contract. Each verb is one file, loaded only when it is used. */

// A reader that has seen enough (`| head`) ends the command; it is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.usage));

const program = new Command('quarterdeck')
  .description('Finds what is wrong in Kubernetes clusters and why, proposes a plan, and carries it out once approved.')
  .version((await import('./version.ts')).VERSION, '-V, --version')
  .showHelpAfterError('Run quarterdeck --help for the list of commands.')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();
addCommonFlags(program);

let applies = false;
for (const { name, summary, args, flags, examples, more, applies: applying, load } of VERBS) {
  const command = program
    .command(`${name}${args === undefined ? '' : ` ${args}`}`)
    .summary(summary)
    .description(summary)
    .exitOverride();
  for (const [flag, help, fallback] of flags) command.option(flag, help, fallback);
  addCommonFlags(command);
  command.addHelpText('after', `\nExamples:\n${examples.map((e) => `  ${e}`).join('\n')}${more === undefined ? '' : `\n\n${more}`}`);
  command.action(async (...all: unknown[]) => {
    const given = all.slice(0, -2) as (string | undefined)[];
    const own = command.opts<CommonFlags & Record<string, unknown>>();
    const shared = program.opts<CommonFlags>();
    const merged = {
      ...shared,
      ...own,
      context: [...(shared.context ?? []), ...(own.context ?? [])],
      namespace: [...(shared.namespace ?? []), ...(own.namespace ?? [])],
      kubeconfig: own.kubeconfig ?? shared.kubeconfig,
      output: own.output ?? shared.output ?? 'table',
    };
    applies = applying === true;
    const { run } = await load();
    process.exitCode = await run(given, merged);
  });
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = complain(error, applies);
}
