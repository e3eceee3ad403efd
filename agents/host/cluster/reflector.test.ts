import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Failure, Kind } from '../../contract/index.ts';
import { BackOff, Limiter } from './back-off.ts';
import { Credentials } from './credentials.ts';
import { Dispatchers } from './dispatchers.ts';
import { type Packed, Packer, unpack } from '../packing.ts';
import { ClusterHttp } from './http.ts';
import { listAll } from './list.ts';
import { Reflector } from './reflector.ts';
import { type Script, type ScriptedServer, type Seen, scriptedServer, sendJson, sendStatus, targetOf } from './scripted-server.ts';
import { ReadOnlyTransport } from './transport.ts';
import { LineSplitter, watchOnce } from './watch.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function connect(script: Script): Promise<{ server: ScriptedServer; transport: ReadOnlyTransport }> {
  const server = await scriptedServer(script);
  const dispatchers = new Dispatchers({});
  closing.push(
    () => dispatchers.close(),
    () => server.close(),
  );
  return { server, transport: new ReadOnlyTransport(new ClusterHttp(targetOf(server.url), new Credentials({}), dispatchers)) };
}

const namespace = (name: string, resourceVersion: string) => ({ metadata: { name, uid: `uid-${name}`, resourceVersion } });
const listOf = (resourceVersion: string, items: unknown[], next?: string) => ({
  kind: 'NamespaceList',
  metadata: { resourceVersion, ...(next === undefined ? {} : { continue: next }) },
  items,
});
const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const isWatch = (seen: Seen) => seen.query.get('watch') === 'true';

/** A reflector of Namespaces whose changes are recorded as words; `until` waits for the record to hold something. */
function reflect(transport: ReadOnlyTransport, kind: Kind = 'Namespace', streams = false) {
  const record: string[] = [];
  let waiting: { is: () => boolean; resolve: () => void }[] = [];
  const note = (words: string) => {
    record.push(words);
    for (const { resolve } of waiting.filter((w) => w.is())) resolve();
    waiting = waiting.filter((w) => !w.is());
  };
  const failures: Failure[] = [];
  const shared = {
    transport,
    namespace: 'shop',
    limiter: new Limiter(4),
    packer: new Packer(),
    streams,
    counts: { lists: 0, watches: 0, events: 0 },
  };
  const reflector = new Reflector(kind, shared, {
    changed: () => undefined,
    observed: (_kind, key, _before, after) => note(after === undefined ? `-${key}` : `+${key}@${after.metadata.resourceVersion}`),
    settled: () => note('settled'),
    failing: (_kind, failure) => {
      failures.push(failure);
      note(`failing ${failure.code}`);
    },
    healthy: () => undefined,
    alive: () => undefined,
  });
  closing.unshift(() => reflector.stop());
  reflector.start();
  const until = (words: string, times = 1) => {
    const is = () => record.filter((r) => r === words).length >= times;
    return is() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ is, resolve }));
  };
  return { reflector, record, until, failures };
}

const objectsOf = (reflector: Reflector) => [...reflector.keys()].map((key) => unpack(reflector.packed(key) as Packed));

test('lists page by page, watches from there, and tells puts and removes as they come', async () => {
  let watch: ServerResponse | undefined;
  const { server, transport } = await connect((seen, response) => {
    if (isWatch(seen)) {
      watch = response.writeHead(200);
      response.write(line('MODIFIED', namespace('a', '11')));
      return;
    }
    if (seen.query.get('continue') === null) sendJson(response, listOf('10', [namespace('a', '1')], 'page-2'));
    else sendJson(response, listOf('10', [namespace('b', '2')]));
  });
  const { record, until } = reflect(transport);
  await until('+a@11');
  watch?.write(line('DELETED', namespace('b', '12')) + line('ADDED', namespace('c', '13')));
  await until('+c@13');
  expect(record).toEqual(['+a@1', '+b@2', 'settled', '+a@11', '-b', '+c@13']);
  expect(server.seen.map((s) => [s.query.get('limit'), s.query.get('continue'), s.query.get('resourceVersion')])).toEqual([
    ['500', null, null],
    ['500', 'page-2', null],
    [null, null, '10'],
  ]);
  expect(server.seen[2]?.query.get('allowWatchBookmarks')).toBe('true');
  expect(Number(server.seen[2]?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(240);
});

test('a connection cut in the middle of an event is resumed from the last whole one, so nothing is lost or told twice', async () => {
  let watches = 0;
  const { server, transport } = await connect((seen, response) => {
    if (!isWatch(seen)) return sendJson(response, listOf('10', []));
    response.writeHead(200);
    if (++watches > 1) {
      response.write(line('ADDED', namespace('b', '12')));
      return;
    }
    response.write(line('ADDED', namespace('a', '11')) + line('ADDED', namespace('b', '12')).slice(0, 20), () =>
      setImmediate(() => response.destroy()),
    );
  });
  const { record, until } = reflect(transport);
  await until('+b@12');
  expect(record).toEqual(['settled', '+a@11', '+b@12']);
  expect(server.seen.filter(isWatch).map((s) => s.query.get('resourceVersion'))).toEqual(['10', '11']);
});

test('a bookmark moves the version from which a watch is resumed', async () => {
  let watches = 0;
  const { server, transport } = await connect((seen, response) => {
    if (!isWatch(seen)) return sendJson(response, listOf('10', []));
    response.writeHead(200);
    if (++watches > 1) return void response.write(line('ADDED', namespace('late', '78')));
    response.end(line('BOOKMARK', { metadata: { resourceVersion: '77' } }));
  });
  const { until } = reflect(transport);
  await until('+late@78');
  expect(server.seen.filter(isWatch).map((s) => s.query.get('resourceVersion'))).toEqual(['10', '77']);
});

test.each(['as a status', 'inside the stream'])('410 %s lists again, and only what differs is told', async (how) => {
  let lists = 0;
  const { transport } = await connect((seen, response) => {
    if (!isWatch(seen)) {
      const items = ++lists === 1 ? [namespace('same', '1'), namespace('gone', '2')] : [namespace('same', '1'), namespace('new', '30')];
      return sendJson(response, listOf(lists === 1 ? '10' : '40', items));
    }
    if (seen.query.get('resourceVersion') === '40') return void response.writeHead(200).flushHeaders();
    if (how === 'as a status') return sendStatus(response, 410, 'too old resource version');
    response.writeHead(200).end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));
  });
  const { record, until } = reflect(transport);
  await until('settled', 2);
  expect(record).toEqual(['+same@1', '+gone@2', 'settled', '+new@30', '-gone', 'settled']);
});

test('a continue token that expires midway starts the list again and gives every object once', async () => {
  let expired = false;
  const { server, transport } = await connect((seen, response) => {
    if (seen.query.get('continue') === null) return sendJson(response, listOf('10', [namespace('a', '1')], 'next'));
    if (expired) return sendJson(response, listOf('10', [namespace('b', '2')]));
    expired = true;
    sendStatus(response, 410, 'The provided continue parameter is too old');
  });
  let keys: string[] = [];
  const listed = await listAll(transport, 'Namespace', '/api/v1/namespaces', {
    onItem: ({ key }) => void keys.push(key),
    onRestart: () => (keys = []),
  });
  expect(listed.ok && keys).toEqual(['a', 'b']);
  expect(server.seen).toHaveLength(4);
});

test('an object that makes no sense is a gap of its namespace, and the others are told', async () => {
  let watch: ServerResponse | undefined;
  const odd = { metadata: { name: 'odd', namespace: 'shop', uid: 'u', resourceVersion: '3' }, spec: { replicas: 'many' } };
  const whole = (name: string) => ({
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '3' },
    spec: { replicas: 1, template: { spec: { containers: [] } } },
  });
  const { transport } = await connect((seen, response) => {
    if (isWatch(seen)) watch = response.writeHead(200);
    if (isWatch(seen)) return response.flushHeaders();
    sendJson(response, listOf('10', [odd, whole('fine'), null]));
  });
  const { reflector, record, until } = reflect(transport, 'Deployment');
  await until('settled');
  expect(record).toEqual(['+shop/fine@3', 'settled']);
  expect(reflector.gaps.map((g) => [g.kind, g.namespace])).toEqual([
    ['Deployment', 'shop'],
    ['Deployment', undefined],
  ]);
  expect(reflector.gaps[0]?.because).toMatch(/^cannot be understood: shop\/odd \(spec\.replicas: /);
  await expect.poll(() => watch).toBeDefined();
  watch?.write(line('MODIFIED', { ...whole('odd'), metadata: { ...odd.metadata, resourceVersion: '11' } }));
  await until('+shop/odd@11');
  expect(reflector.gaps.map((g) => g.namespace)).toEqual([undefined]);
});

test('a kind that may not be listed is settled with a gap that says what is needed', async () => {
  const { transport } = await connect((_seen, response) => sendStatus(response, 403, 'no'));
  const { reflector, until } = reflect(transport, 'Secret');
  await until('settled');
  expect(reflector.gaps).toEqual([{ kind: 'Secret', because: 'forbidden: needs list secrets' }]);
});

test('where only the namespace of the context may be listed, it is read and the gap says so', async () => {
  const { server, transport } = await connect((seen, response) => {
    if (!seen.path.includes('/namespaces/shop/')) return sendStatus(response, 403, 'no');
    if (isWatch(seen)) return response.writeHead(200).flushHeaders();
    sendJson(
      response,
      listOf('10', [{ metadata: { name: 's', namespace: 'shop', resourceVersion: '1' }, data: { password: 'aGVsbG8=' } }]),
    );
  });
  const { reflector, record, until } = reflect(transport, 'Secret');
  await until('settled');
  await server.arrived(3);
  expect(record).toEqual(['+shop/s@1', 'settled']);
  const because = 'forbidden: needs list secrets; only namespace shop was read';
  expect(reflector.gaps).toEqual([{ kind: 'Secret', except: ['shop'], because }]);
  expect(server.seen.at(-1)?.path).toBe('/api/v1/namespaces/shop/secrets');
  expect(JSON.stringify(objectsOf(reflector))).not.toContain('aGVsbG8=');
});

test('a kind the server does not serve is settled with a gap', async () => {
  const { transport } = await connect((_seen, response) => sendStatus(response, 404, 'no'));
  const { reflector, until } = reflect(transport, 'PodDisruptionBudget');
  await until('settled');
  expect(reflector.gaps).toEqual([{ kind: 'PodDisruptionBudget', because: 'the server does not serve poddisruptionbudgets.policy' }]);
});

test('values of a Secret in the annotation kubectl keeps are dropped', async () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"password":"hunter2"}}', note: 'kept' };
  const { transport } = await connect((seen, response) => {
    if (isWatch(seen)) return response.writeHead(200).flushHeaders();
    sendJson(response, listOf('1', [{ metadata: { name: 's', namespace: 'shop', annotations }, data: {} }]));
  });
  const { reflector, until } = reflect(transport, 'Secret');
  await until('settled');
  expect(objectsOf(reflector).map((o) => o.metadata.annotations)).toEqual([{ note: 'kept' }]);
});

test('a server that goes away is told, tried again, and resumed where the watch was', async () => {
  let down = false;
  const { server, transport } = await connect((seen, response) => {
    if (down) return response.destroy() as unknown as undefined;
    if (!isWatch(seen)) return sendJson(response, listOf('10', []));
    response.writeHead(200);
    if (seen.query.get('resourceVersion') === '10') response.write(line('ADDED', namespace('a', '11')));
    else response.write(line('ADDED', namespace('b', '12')));
  });
  const { record, until } = reflect(transport);
  await until('+a@11');
  down = true;
  server.cut();
  await until('failing cluster-unreachable');
  down = false;
  await until('+b@12');
  expect(record.filter((r) => !r.startsWith('failing'))).toEqual(['settled', '+a@11', '+b@12']);
});

test('a watch that is silent for too long is ended, so that a dead connection is not waited on for ever', async () => {
  const { transport } = await connect((_seen, response) => response.writeHead(200).flushHeaders());
  const options = { transport, path: '/api/v1/namespaces', resourceVersion: '5', onOpen: () => undefined, onEvent: () => undefined };
  expect(await watchOnce({ ...options, signal: new AbortController().signal, quietMs: 150 })).toEqual({
    type: 'ended',
    resourceVersion: '5',
    because: 'it was silent',
  });
});

test('lines come out whole however the bytes were cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !/[\n\r]/.test(s) && s.trim() !== '')),
      fc.integer({ min: 1, max: 7 }),
      (lines, size) => {
        const bytes = Buffer.from(lines.map((l) => `${l}\n`).join(''));
        const splitter = new LineSplitter();
        const out: string[] = [];
        for (let at = 0; at < bytes.length; at += size) out.push(...splitter.push(bytes.subarray(at, at + size)));
        expect(out).toEqual(lines);
      },
    ),
  );
});

test('pauses double from half a second to half a minute, by chance between half and the whole', () => {
  const longest = new BackOff(() => 1);
  expect(Array.from({ length: 8 }, () => longest.take())).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  longest.reset();
  expect(longest.take()).toBe(500);
  expect(new BackOff(() => 0).take()).toBe(250);
});

test('a limiter never lets more run at once than it may, and lets all run', async () => {
  const limiter = new Limiter(3);
  let running = 0;
  let most = 0;
  const done = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      limiter.run(async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return i;
      }),
    ),
  );
  expect([most, done.length, running]).toEqual([3, 20, 0]);
});

/** Answers lists that come as streams: everything at once, and then the end of it. */
function streaming(response: ServerResponse, objects: readonly unknown[], version: string): ServerResponse {
  response.writeHead(200);
  for (const object of objects) response.write(line('ADDED', object));
  const metadata = { resourceVersion: version, annotations: { 'k8s.io/initial-events-end': 'true' } };
  response.write(line('BOOKMARK', { metadata }));
  return response;
}
const isStream = (seen: Seen) => seen.query.get('sendInitialEvents') === 'true';

test('a server that streams is asked once for everything and what follows, and resumes from the version it gave', async () => {
  let first: ServerResponse | undefined;
  const { server, transport } = await connect((seen, response) => {
    if (isStream(seen)) first = streaming(response, [namespace('b', '7'), namespace('a', '3')], '20');
    else response.writeHead(200).flushHeaders();
  });
  const { record, until } = reflect(transport, 'Namespace', true);
  await until('settled');
  first?.end(line('MODIFIED', namespace('a', '21')));
  await server.arrived(2);
  expect(record).toEqual(['+b@7', '+a@3', 'settled', '+a@21']);
  expect(
    server.seen.map((s) => ['watch', 'sendInitialEvents', 'resourceVersionMatch', 'resourceVersion', 'limit'].map((q) => s.query.get(q))),
  ).toEqual([
    ['true', 'true', 'NotOlderThan', null, null],
    ['true', null, null, '21', null],
  ]);
});

test('what a second stream does not name is gone; a stream that is cut before its end removes nothing', async () => {
  let streams = 0;
  const { transport } = await connect((seen, response) => {
    if (!isStream(seen)) return void response.writeHead(200).end(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));
    streams++;
    if (streams === 1) streaming(response, [namespace('a', '1'), namespace('b', '2')], '10').end();
    else if (streams === 2) response.writeHead(200).end(line('ADDED', namespace('b', '2')));
    else streaming(response, [namespace('b', '2')], '30');
  });
  const { record, until } = reflect(transport, 'Namespace', true);
  await until('-a');
  expect(streams).toBe(3);
  expect(record.filter((r) => r.startsWith('-') || r.startsWith('+'))).toEqual(['+a@1', '+b@2', '-a']);
});

test('a server that refuses the stream, and one that cuts it again and again, are read in pages', async () => {
  for (const refuse of [
    (r: ServerResponse) => sendStatus(r, 422, 'sendInitialEvents is forbidden for watch'),
    (r: ServerResponse) => r.writeHead(200).end(),
  ]) {
    const { server, transport } = await connect((seen, response) => {
      if (isStream(seen)) return void refuse(response);
      if (isWatch(seen)) return response.writeHead(200).flushHeaders();
      sendJson(response, listOf('10', [namespace('a', '1')]));
    });
    const { until } = reflect(transport, 'Namespace', true);
    await until('settled');
    expect(server.seen.filter(isStream).length).toBeLessThanOrEqual(2);
    expect(server.seen.some((s) => s.query.get('limit') === '500')).toBe(true);
  }
});

test('a kind that may be listed and not watched is read in pages from a streaming server, too', async () => {
  const { transport } = await connect((seen, response) => {
    if (isWatch(seen)) return sendStatus(response, 403, 'you may not watch');
    sendJson(response, listOf('10', [namespace('a', '1')]));
  });
  const { record, reflector, until } = reflect(transport, 'Namespace', true);
  await until('settled');
  expect([record, reflector.gaps]).toEqual([['+a@1', 'settled'], []]);
});

test('a kind that a streaming server does not serve, or forbids, is settled with a gap and not asked again at once', async () => {
  for (const [status, because] of [
    [404, 'the server does not serve poddisruptionbudgets.policy'],
    [403, 'forbidden: needs list poddisruptionbudgets.policy'],
  ] as const) {
    const { server, transport } = await connect((_seen, response) => sendStatus(response, status, 'no'));
    const { reflector, until } = reflect(transport, 'PodDisruptionBudget', true);
    await until('settled');
    expect(reflector.gaps).toEqual([{ kind: 'PodDisruptionBudget', because }]);
    // Nothing is known of it that could be out of date.
    expect(reflector.interrupted).toBeUndefined();
    // As a stream and in pages, and where that is forbidden the same for the namespace.
    expect(server.seen.length).toBeLessThanOrEqual(3);
  }
});

test('a kind that not every cluster serves, and this one does not, is simply none, and current', async () => {
  const { transport } = await connect((_seen, response) => sendStatus(response, 404, 'no'));
  for (const streams of [true, false]) {
    const { reflector, until } = reflect(transport, 'Gateway', streams);
    await until('settled');
    expect([reflector.gaps, reflector.interrupted]).toEqual([[], undefined]);
  }
});
