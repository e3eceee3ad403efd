import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { playControllers } from './api-server/controllers.ts';
import { recordedLog } from './api-server/kubelet.ts';
import type { RawObject } from './api-server/objects.ts';
import { readRecording } from './api-server/recording.ts';
import { type ApiServer, startApiServer } from './api-server/server.ts';

/** The demo fleet: recorded clusters played on loopback, so that a newcomer without a kubeconfig sees the whole product. */
export interface DemoFleet {
  /** A kubeconfig with all of them; written into the given folder. */
  readonly kubeconfig: string;
  readonly servers: Readonly<Record<string, ApiServer>>;
  close(): Promise<void>;
}

const RECORDED = ['demo-tempest', 'demo-harbor'];
/** Its address refuses every connection: what an unreachable cluster looks like. */
const GONE = 'demo-foghorn';
const FOLDER = fileURLToPath(new URL('../../../resources/demo/', import.meta.url));
/** A pod's program runs this long after the pod was made, milliseconds. */
const START_MS = 800;

export async function startDemoFleet({ dir }: { readonly dir: string }): Promise<DemoFleet> {
  const token = randomBytes(24).toString('base64url');
  const stops: (() => void)[] = [];
  const servers: Record<string, ApiServer> = {};
  const close = async () => {
    for (const stop of stops) stop();
    await Promise.all(Object.values(servers).map((s) => s.close()));
  };
  try {
    for (const name of RECORDED) {
      const recording = readRecording(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'));
      const server: ApiServer = await startApiServer({
        name,
        objects: recording.objects.map(aged),
        token,
        version: recording.version,
        log: (pod, container, previous) => recordedLog(pod, container, previous, recording.images, server.table),
      });
      stops.push(playControllers(server.table, { images: recording.images, startMs: START_MS }));
      servers[name] = server;
    }
    const urls = [
      ...Object.entries(servers).map(([name, { url }]) => [name, url] as const),
      [GONE, `http://127.0.0.1:${await closedPort()}`] as const,
    ];
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const kubeconfig = join(dir, 'kubeconfig');
    writeFileSync(
      kubeconfig,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': RECORDED[0],
        clusters: urls.map(([name, server]) => ({ name, cluster: { server } })),
        users: [{ name: 'demo', user: { token } }],
        contexts: urls.map(([name]) => ({ name, context: { cluster: name, user: 'demo' } })),
      }),
      { mode: 0o600 },
    );
    return { kubeconfig, servers, close };
  } catch (error) {
    // A recording that cannot be read leaves no server listening.
    await close();
    throw error;
  }
}

/** What a recording does not date has been there for a day. */
function aged(object: RawObject): RawObject {
  const creationTimestamp = new Date(Date.now() - 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...object, metadata: { creationTimestamp, ...object.metadata } };
}

/** A loopback port on which nothing listens. */
function closedPort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => done(typeof at === 'object' && at !== null ? at.port : 9));
    });
  });
}
