import { parseArgs } from 'node:util';
import { type ClusterStatus, clusterStatus, down, load, up } from './cluster.ts';
import { startKwok } from './kwok.ts';
import { reset } from './reset.ts';
import { interruption, say } from './run.ts';

const HELP = `Real Kubernetes clusters for tests, on this machine, as root.

  npm run cluster -- up [--clusters N]   build once, start, wait until DNS answers; prints the kubeconfig
  npm run cluster -- status [-o json]    what runs, where its kubeconfig and logs are
  npm run cluster -- reset               an empty cluster again
  npm run cluster -- load IMAGE.tar      put an image on the node
  npm run cluster -- kwok --nodes N [--pods M] [--context NAME]   fake nodes and pods
  npm run cluster -- down                end everything and leave nothing behind
`;

class Usage extends Error {}

const OPTIONS = {
  clusters: { type: 'string' },
  nodes: { type: 'string' },
  pods: { type: 'string' },
  context: { type: 'string' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parsed() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : String(error));
  }
}

function table(status: ClusterStatus): string {
  if (status.kubeconfig === '') return 'No cluster is running. Start one: npm run cluster -- up\n';
  const programs = Object.entries(status.programs).map(([name, runs]) => `  ${runs ? 'runs ' : 'ENDED'}  ${name}`);
  const ready = `${status.ready ? 'Ready' : 'Not ready'}: ${status.contexts.join(', ')}`;
  return [ready, `kubeconfig ${status.kubeconfig}`, `logs ${status.logs}`, ...programs, ''].join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parsed();
  const [verb = 'help', operand] = positionals;
  const verbs: Readonly<Record<string, () => Promise<void>>> = {
    help: async () => void process.stdout.write(HELP),
    up: async () => {
      const status = await up(Number(values.clusters ?? 1));
      say(`contexts: ${status.contexts.join(', ')}`);
      process.stdout.write(`${status.kubeconfig}\n`);
    },
    status: async () => {
      const status = await clusterStatus();
      process.stdout.write(values.output === 'json' ? `${JSON.stringify(status)}\n` : table(status));
    },
    reset: async () => say(`empty after ${(await reset()).toFixed(1)} s`),
    load: async () => {
      if (operand === undefined) throw new Usage('Name the image: npm run cluster -- load IMAGE.tar');
      load(operand);
    },
    kwok: async () => {
      const { context } = values;
      const result = await startKwok({
        nodes: Number(values.nodes),
        pods: Number(values.pods ?? 0),
        ...(context === undefined ? {} : { context }),
      });
      say(`${result.nodes} nodes and ${result.pods} pods are Ready in ${result.context} after ${result.seconds.toFixed(1)} s`);
    },
    down: () => down(),
  };
  const run = values.help === true ? verbs['help'] : verbs[verb];
  if (run === undefined) throw new Usage(`There is no "${verb}".`);
  await run();
}

/** What was begun notices, takes itself down, and only then the process ends. A second signal ends it at once. */
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    say('interrupted: taking down what was begun');
    interruption.abort();
  });

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof Usage) process.stderr.write(`\n${HELP}`);
    process.exit(interruption.signal.aborted ? 130 : error instanceof Usage ? 2 : 1);
  },
);
