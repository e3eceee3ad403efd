import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Json, Outcome } from '../../../contract/index.ts';
import { systemClock } from '../../clock.ts';
import type { ClusterNotice } from '../../ports/notices.ts';
import type { Kube } from '../../ports/kube.ts';
import { Knowledge } from '../knowledge.ts';
import { readFieldsOfServers } from './api-server.ts';
import { FIELDS } from './sources.ts';

/** What an API server serves below /openapi/v3: the groups it has, and of each the schemas, as long as a test needs them. */
const PATHS: Readonly<Record<string, Json>> = {
  '/openapi/v3': {
    paths: {
      '.well-known/openid-configuration': { serverRelativeURL: '/openapi/v3/.well-known/openid-configuration?hash=A' },
      'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=B' },
      'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=C' },
    },
  },
  '/openapi/v3/api/v1?hash=B': {
    openapi: '3.0.0',
    components: {
      schemas: {
        'io.k8s.api.core.v1.Pod': {
          description: 'Pod is a collection of containers.',
          type: 'object',
          properties: {
            apiVersion: { type: 'string' },
            spec: { description: 'What is wanted.', allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }], default: {} },
          },
          'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
        },
        'io.k8s.api.core.v1.PodSpec': {
          type: 'object',
          required: ['nodeName'],
          properties: { nodeName: { type: 'string', description: 'The zymurgy of the node.', default: '' } },
        },
        // What cannot be read is passed over.
        'io.k8s.api.core.v1.Strange': { description: 7 },
      },
    },
  },
  '/openapi/v3/apis/apps/v1?hash=C': {
    components: {
      schemas: {
        'io.k8s.api.apps.v1.Deployment': {
          properties: { paused: { type: 'boolean', description: 'Quixotic rest.' } },
          'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
        },
      },
    },
  },
};

let dir: string;
let knowledge: Knowledge;
let logged: string[];
/** What was asked of which server, in order. */
let asked: string[];
let answer: (path: string) => Outcome<Json>;
let tell: (notice: ClusterNotice) => void = () => undefined;
let stop: () => void = () => undefined;

const kube: Pick<Kube, 'get' | 'onNotice'> = {
  get: (context, path) => {
    asked.push(`${context} ${path}`);
    return Promise.resolve(answer(path));
  },
  onNotice: (listener) => {
    tell = listener;
    return () => (tell = () => undefined);
  },
};
const served = (path: string): Outcome<Json> => {
  const value = PATHS[path];
  return value === undefined ? { ok: false, failure: { code: 'not-found', message: `${path} is not there.` } } : { ok: true, value };
};
const connected = (context: string, version: string) =>
  tell({ type: 'synced', context, version, uid: `uid of ${context}`, objects: 0, gaps: [] });

function start(): void {
  knowledge = new Knowledge({
    dataDir: dir,
    clock: systemClock,
    log: () => undefined,
    embedder: () => Promise.resolve(null),
    builtIn: [
      {
        name: FIELDS,
        root: 'as the client describes them',
        licence: 'Apache-2.0',
        trust: 'vendor',
        from: { type: 'pages', pages: [{ path: 'Pod.md', text: '# Pod\n\nSerendipity.\n' }] },
      },
    ],
  });
  stop = readFieldsOfServers(kube, knowledge, '1.0', (level, text) => logged.push(`${level}: ${text}`));
}
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'api-server-'));
  [logged, asked, answer] = [[], [], served];
  start();
});
afterEach(async () => {
  stop();
  await knowledge.close();
  rmSync(dir, { recursive: true });
});
const fields = async () => (await knowledge.sources()).sources.find(({ name }) => name === FIELDS);
const quoted = async (words: string) => (await knowledge.search({ text: words, top: 1 })).results[0]?.text;
const NEWER = 'the API server of Kubernetes v1.37.2, read by Quarterdeck 1.0';

test('the fields are those of the API server that was connected, of the groups it has, in the place of what came with the app', async () => {
  expect((await fields())?.root).toBe('as the client describes them');
  connected('east', 'v1.37.2');
  await expect.poll(async () => (await fields())?.root).toBe(NEWER);
  expect(asked).toEqual(['east /openapi/v3', 'east /openapi/v3/api/v1?hash=B', 'east /openapi/v3/apis/apps/v1?hash=C']);
  expect(await quoted('zymurgy')).toContain('`nodeName` (string, required): The zymurgy of the node.');
  expect(await quoted('quixotic')).toContain('`paused` (boolean): Quixotic rest.');
  expect(await quoted('serendipity')).toBeUndefined();
  expect(await fields()).toMatchObject({ form: 'builtIn', trust: 'vendor', documents: 2 });
  expect(logged).toEqual([]);
});

test('the newest one is believed: an older server, and the same version a second time or after a restart, are not read', async () => {
  connected('east', 'v1.37.2');
  await expect.poll(async () => (await fields())?.root).toBe(NEWER);
  asked = [];
  connected('west', 'v1.31.0');
  connected('east', 'v1.37.2');
  stop();
  await knowledge.close();
  start();
  connected('west', 'v1.31.0');
  connected('east', 'v1.37.2');
  connected('north', 'v1.38.0');
  await expect.poll(async () => (await fields())?.root).toContain('v1.38.0');
  expect(asked.filter((one) => !one.startsWith('north'))).toEqual([]);
});

test('a server that may not be asked for them, or answers something else, changes nothing, and it is said', async () => {
  answer = () => ({ ok: false, failure: { code: 'forbidden', message: 'You may not read /openapi/v3.' } });
  connected('east', 'v1.35.0');
  await expect.poll(() => logged).toEqual(['info: the fields of the kinds could not be read from east: You may not read /openapi/v3.']);
  answer = (path) => (path === '/openapi/v3' ? { ok: true, value: { paths: 'none' } } : served(path));
  connected('east', 'v1.36.0');
  await expect.poll(() => logged[1]).toMatch(/^warn: the fields of the kinds: /);
  expect((await fields())?.root).toBe('as the client describes them');
  expect(await quoted('serendipity')).toBe('Serendipity.');
  // The same one, connected anew when it may be asked.
  answer = served;
  connected('east', 'v1.36.0');
  await expect.poll(async () => (await fields())?.root).toContain('v1.36.0');
});
