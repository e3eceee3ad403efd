import { clusterStatus, down, load, up } from './cluster.ts';
import { reset } from './reset.ts';
import { say } from './run.ts';

const HELP = `Real Kubernetes clusters for tests, on this machine, as root.

  npm run cluster -- up [--clusters N]   build once, start, wait until DNS answers; prints the kubeconfig
  npm run cluster -- status [-o json]    what runs, where its kubeconfig and logs are
  npm run cluster -- reset               an empty cluster again
  npm run cluster -- load IMAGE.tar      put an image on the node
  npm run cluster -- kwok --nodes N      fake nodes (see README.md)
  npm run cluster -- down                end everything and leave nothing behind
`;

const [verb = 'help', ...args] = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};

const verbs: Readonly<Record<string, () => Promise<void>>> = {
  help: async () => void process.stdout.write(HELP),
  up: async () => {
    const interrupted = () => {
      say('interrupted: taking the cluster down');
      void down().finally(() => process.exit(130));
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    const status = await up(Number(option('--clusters') ?? 1));
    say(`contexts: ${status.contexts.join(', ')}`);
    process.stdout.write(`${status.kubeconfig}\n`);
  },
  status: async () => {
    const status = await clusterStatus();
    if (option('-o') === 'json') process.stdout.write(`${JSON.stringify(status)}\n`);
    else if (status.kubeconfig === '') process.stdout.write('No cluster is running. Start one: npm run cluster -- up\n');
    else {
      const programs = Object.entries(status.programs).map(([name, runs]) => `  ${runs ? 'runs ' : 'ENDED'}  ${name}`);
      process.stdout.write(
        [
          `${status.ready ? 'Ready' : 'Not ready'}: ${status.contexts.join(', ')}`,
          `kubeconfig ${status.kubeconfig}`,
          `logs ${status.logs}`,
          ...programs,
          '',
        ].join('\n'),
      );
    }
  },
  reset: async () => say(`empty after ${(await reset()).toFixed(1)} s`),
  load: async () => {
    if (args[0] === undefined) throw new Error('Name the image: npm run cluster -- load IMAGE.tar');
    load(args[0]);
  },
  down: async () => down(),
};

const run = verbs[verb];
if (run === undefined) {
  process.stderr.write(`There is no "${verb}".\n\n${HELP}`);
  process.exit(2);
}
run().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
