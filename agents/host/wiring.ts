import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalModels, type LocalModelsOptions } from '../../models/local-models.ts';
import { AGENTS } from '../specialists/index.ts';
import type { Outcome } from '../contract/index.ts';
import type { Agent } from '../core/agent.ts';
import { type App, createApp } from './app.ts';
import { LogFile, eachOf } from './app-log.ts';
import { randomIds, systemClock } from './clock.ts';
import { startKube } from './cluster/kube-client.ts';
import { createWriter } from './cluster/writer.ts';
import { WritableClusters } from './cluster/writable-clusters.ts';
import { MarkBook } from './contexts/marks-file.ts';
import type { Keychain } from './ports/keychain.ts';
import type { Log } from './ports/runtime.ts';
import type { SessionStart } from './ports/ports.ts';
import { fileKeychain } from './secrets/secret-files.ts';
import { type Lock, lockDataDir } from './store/lock.ts';
import { openStore } from './store/store.ts';

export interface StartOptions {
  readonly dataDir: string;
  /** Instead of $KUBECONFIG and ~/.kube/config. */
  readonly kubeconfigPaths?: readonly string[] | undefined;
  /** Play the recorded clusters instead of any kubeconfig. */
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly home?: string;
  /** Where the shell has a better place for secrets than files of the data directory. */
  readonly keychain?: Keychain;
  readonly sessionStart?: SessionStart | undefined;
  /** How the process of a model is started, where a program cannot simply be forked. */
  readonly startModel?: LocalModelsOptions['start'];
  /** For tests that fetch models of their own. */
  readonly catalogue?: LocalModelsOptions['catalogue'];
  /** For tests that bring agents of their own: the list, and the module an agent's thread finds it in. */
  readonly agents?: { readonly list: readonly Agent[]; readonly registry: string };
}

/** Of the endpoint's key in the keychain. */
const MODEL_KEY = 'model-endpoint';

export interface Running {
  readonly app: App;
  readonly lock: Lock;
  readonly demo: boolean;
  /** What the shell gave, and the file in the data directory. */
  readonly log: Log;
  close(): Promise<void>;
}

export const VERSION: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
  .version;

/**
 * Puts the real parts together, for the command line, the server and the desktop shell alike: the lock of the data directory, the log,
 * the kube worker, the writer, the agents. What was opened is closed again when a later part fails.
 */
export async function startApp(options: StartOptions): Promise<Outcome<Running>> {
  const { dataDir, env, home = homedir(), keychain = fileKeychain(dataDir) } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  const locked = lockDataDir(dataDir);
  if (!locked.ok) return locked;
  closers.push(() => locked.value.release());
  const file = new LogFile(dataDir, systemClock, options.log);
  closers.push(() => file.close());
  const log = eachOf(options.log, file.log);
  try {
    let paths = options.kubeconfigPaths;
    let demoKubeconfig: string | undefined;
    if (options.demo) {
      const { startDemoFleet } = await import('./doubles/demo-fleet.ts');
      const fleet = await startDemoFleet({ dir: join(dataDir, 'demo') });
      closers.push(() => fleet.close());
      demoKubeconfig = fleet.kubeconfig;
      paths = [fleet.kubeconfig];
    }
    const marks = new MarkBook(dataDir, home);
    const sources = {
      env,
      home,
      // Nothing of one's own is read beside what is recorded.
      ...(options.demo ? {} : { contextsFile: marks.path }),
      ...(paths === undefined ? {} : { kubeconfigPaths: paths }),
      ...(demoKubeconfig === undefined ? {} : { demoKubeconfig }),
    };
    // The thread that reads clusters and the one of the log start side by side: what is known is shown the sooner.
    const starting = startKube({ ...sources, log });
    closers.push(() =>
      starting.then(
        (started) => started.close(),
        () => undefined,
      ),
    );
    // It is awaited below, unless the store fails first.
    starting.catch(() => undefined);
    const store = await openStore({ dataDir, log, clock: systemClock, keychain });
    if (!store.ok) {
      await closeAll();
      return store;
    }
    closers.push(() => store.value.close());
    const kube = await starting;
    const clusters = new WritableClusters(sources, (context) => marks.refusal(context), kube);
    closers.push(() => clusters.close());
    const models = new LocalModels({
      dataDir,
      key: {
        keeps: keychain.keeps,
        get: () => keychain.get(MODEL_KEY),
        set: (key) => keychain.set(MODEL_KEY, key),
        remove: () => keychain.remove(MODEL_KEY),
      },
      start: options.startModel,
      catalogue: options.catalogue,
      bundled: fileURLToPath(new URL('../../resources/models/', import.meta.url)),
      env,
      warn: (message) => log('warn', message),
    });
    closers.push(() => models.close());
    const app = await createApp(
      {
        clock: systemClock,
        ids: randomIds,
        log,
        store: store.value,
        kube,
        writer: createWriter((context) => clusters.transport(context)),
        interactive: (context) => clusters.interactive(context),
        model: models,
        library: models.library,
        keychain,
        embedder: models.embedder,
        agentThread: new URL('./worker.ts', import.meta.url),
        dataDir,
        sessionStart: options.sessionStart,
        marks,
        version: VERSION,
        demo: options.demo,
      },
      {
        agents: options.agents?.list ?? AGENTS,
        registry: options.agents?.registry ?? new URL('../specialists/index.ts', import.meta.url).href,
      },
    );
    closers.push(() => app.close());
    log('debug', 'started', { version: VERSION, demo: options.demo, pid: process.pid });
    closers.push(() => log('debug', 'stopping'));
    return { ok: true, value: { app, lock: locked.value, demo: options.demo, log, close: closeAll } };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
