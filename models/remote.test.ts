import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { ModelPrompt } from '../agents/contract/index.ts';
import { remoteEngine } from './remote.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const prompt: ModelPrompt = {
  instructions: 'Say it.',
  data: '- Service a/b',
  examples: [{ data: '- x', answer: '{"text":"x"}' }],
  schema: { type: 'object', properties: { text: { type: 'string' } } },
  maxTokens: 50,
};
const none = new AbortController().signal;

interface Asked {
  readonly body: Record<string, unknown>;
  readonly authorization: string | undefined;
}

async function endpoint(answer: (asked: Asked, response: ServerResponse) => void, limitMs = 5_000) {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const one = { body: JSON.parse(body) as Record<string, unknown>, authorization: request.headers.authorization };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => new Promise((done) => (server.closeAllConnections(), server.close(done))));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`;
  const settings = { url, model: 'm', contextTokens: 4096, inputPrice: 0, outputPrice: 0, hide: 'names' } as const;
  const key = () => Promise.resolve({ ok: true, value: 'sk-secret-key' } as const);
  return { asked, engine: remoteEngine({ settings, proxy: null, env: {}, key, limitMs }) };
}

const says =
  (content: string, finish = 'stop') =>
  (_: Asked, response: ServerResponse) =>
    void response.end(
      JSON.stringify({ choices: [{ message: { content }, finish_reason: finish }], usage: { prompt_tokens: 12, completion_tokens: 3 } }),
    );

test('the question goes with its form and its examples; the answer comes with what it took', async () => {
  const { asked, engine } = await endpoint(says('{"text":"x"}'));
  expect(await engine.answer(prompt, none)).toEqual({
    ok: true,
    value: { text: '{"text":"x"}', cutOff: false, inputTokens: 12, outputTokens: 3 },
  });
  expect(asked[0]?.authorization).toBe('Bearer sk-secret-key');
  expect(asked[0]?.body).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Say it.' },
      { role: 'user', content: '- x' },
      { role: 'assistant', content: '{"text":"x"}' },
      { role: 'user', content: '- Service a/b' },
    ],
    max_tokens: 50,
    temperature: 0,
    stream: false,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: prompt.schema } },
  });
});

test('an endpoint that knows no schemas is told the form in words, and that is remembered', async () => {
  const { asked, engine } = await endpoint((one, response) => {
    const format = (one.body['response_format'] as { type?: string } | undefined)?.type;
    if (format === undefined) says('{"text":"y"}')(one, response);
    else response.writeHead(400).end('{"error":"unknown response_format"}');
  });
  expect(await engine.answer(prompt, none)).toMatchObject({ ok: true, value: { text: '{"text":"y"}' } });
  expect(await engine.answer(prompt, none)).toMatchObject({ ok: true });
  expect(asked.map((a) => (a.body['response_format'] as { type?: string } | undefined)?.type)).toEqual([
    'json_schema',
    'json_object',
    undefined,
    undefined,
  ]);
  expect(JSON.stringify(asked.at(-1)?.body['messages'])).toContain('Answer with JSON of this schema');
});

test('an answer that was cut off is marked', async () => {
  const { engine } = await endpoint(says('{"te', 'length'));
  expect(await engine.answer(prompt, none)).toMatchObject({ ok: true, value: { cutOff: true } });
});

test.each<[string, (asked: Asked, response: ServerResponse) => void, string]>([
  [
    'a key that is not accepted',
    (_, r) => r.writeHead(401).end('{"error":{"message":"bad key sk-secret-key"}}'),
    'does not accept the key (401).',
  ],
  [
    'a model that is not there',
    (_, r) => r.writeHead(404).end('{"error":{"message":"no model m"}}'),
    'has no model m at this address. It says: no model m',
  ],
  ['too many questions', (_, r) => r.writeHead(429).end(), 'wants fewer questions (429).'],
  ['a web page', (_, r) => r.end('<html>Sign in</html>'), 'answers in a form that is not known here: a web page.'],
  ['an answer without end', (_, r) => void r.writeHead(500).end('x'), 'could not answer (500).'],
  ['a connection that is cut', (_, r) => void r.destroy(), 'cannot be reached: the connection was cut.'],
])('%s is said in a sentence, without the key', async (_, answer, words) => {
  const { engine } = await endpoint(answer);
  const outcome = await engine.answer(prompt, none);
  expect(outcome.ok === false && outcome.failure.message).toContain(words);
  expect(JSON.stringify(outcome)).not.toContain('sk-secret-key');
});

test('one that never answers is given up, and who waits can stop', async () => {
  const { engine } = await endpoint(() => undefined, 100);
  expect(await engine.answer(prompt, none)).toMatchObject({ ok: false, failure: { code: 'model-unavailable' } });
  const patient = await endpoint(() => undefined);
  const stop = new AbortController();
  const given = patient.engine.answer(prompt, stop.signal);
  stop.abort();
  expect(await given).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
});

test('nothing that listens is said', async () => {
  const settings = { url: 'http://127.0.0.1:1/v1', model: 'm', contextTokens: 4096, inputPrice: 0, outputPrice: 0, hide: 'names' } as const;
  const engine = remoteEngine({ settings, proxy: null, env: {}, key: () => Promise.resolve({ ok: true, value: undefined }) });
  expect(await engine.answer(prompt, none)).toMatchObject({
    ok: false,
    failure: { message: '127.0.0.1:1 cannot be reached: nothing answers there.' },
  });
});
