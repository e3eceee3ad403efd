import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError, ValidationError, onError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { z } from 'zod';
import { contract } from '../../contract/index.ts';
import type { App } from '../app.ts';
import { systemClock } from '../clock.ts';
import { type CallContext, Callers, mayDo, underItsScope } from './callers.ts';
import { docsPage } from './docs-page.ts';
import { metricsText } from './metrics.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import { asProblem, problem, text } from './problem.ts';
import { readWebFile } from './web-files.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: string;
  /** Folder of the built web page; without it only the API is served. */
  readonly webRoot?: string | undefined;
  readonly log: Log;
  readonly clock?: Clock;
}

export interface Served {
  /** `http://127.0.0.1:41234`, without the token. */
  readonly url: string;
  close(): Promise<void>;
}

/** What the carrier needs of an app. */
export type Carried = Pick<App, 'router' | 'client' | 'reading' | 'tokens'>;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const MOST_BODY_BYTES = 4 * 2 ** 20;
/** Longer than clients keep a connection they do not use: one that is closed as the next request is on its way loses it. */
const IDLE_MS = 65_000;
const MOST_HEADER_BYTES = 16 * 2 ** 10;
const API = '/api/v1';
/** How long the end waits for calls that have begun. */
const CLOSE_MS = 5_000;

const isStream = (response: ServerResponse): boolean => String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');

/**
 * Carries the contract over HTTP: REST and server-sent events under /api/v1, the renderer's calls under /rpc, the page, and the
 * usual endpoints of a server. Every call needs the bearer token; `Host` must be ours (DNS rebinding) and so must `Origin`.
 * Rejects with the system's error when it cannot listen.
 */
export async function serveHttp(app: Carried, { host, port, token, webRoot, log, clock = systemClock }: ServeOptions): Promise<Served> {
  const plugins = () => [new BodyLimitPlugin<Record<never, never>>({ maxBodySize: MOST_BODY_BYTES })];
  const callers = new Callers(token, app.tokens, clock);
  const rest = new OpenAPIHandler(app.router, {
    clientInterceptors: [onError((error) => explain(error, log)), (call) => call.next(underItsScope(call))],
    plugins: plugins(),
  });
  const rpc = new RPCHandler(app.router, {
    clientInterceptors: [onError((error) => explain(error, log)), (call) => call.next(underItsScope(call))],
    plugins: plugins(),
  });
  const document = JSON.stringify(await describe());

  /** Whose requests these are, as far as they were let in. */
  const known = new WeakMap<IncomingMessage, CallContext['caller']>();
  const callerFacts = (request: IncomingMessage) => {
    const caller = known.get(request);
    return caller === undefined ? {} : { caller: caller.name, scope: caller.scope };
  };
  /** Calls under way. Streams of events have no end of their own and are not waited for. */
  const running = new Set<ServerResponse>();
  const limits = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: IDLE_MS };
  const server = createServer(limits, (request, response) => {
    running.add(response);
    const begun = clock.now();
    response.once('close', () => {
      running.delete(response);
      const { method = '' } = request;
      log('debug', 'answered', {
        method,
        path: pathOf(request),
        status: response.statusCode,
        ms: clock.now() - begun,
        ...callerFacts(request),
      });
    });

    void answer(request, response).catch((error: unknown) => {
      log('error', `request failed: ${error instanceof Error ? error.message : String(error)}`);
      if (response.headersSent) response.destroy();
      else problem(response, 500, 'internal', 'Quarterdeck could not answer. Its log says why.');
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    const named = request.headers.host ?? '';
    if (!answersFor(request, host))
      return problem(response, 421, 'bad-input', `This server does not answer for the host ${named === '' ? '(none)' : named}.`);
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${named}`)
      return problem(response, 403, 'bad-input', `Requests from pages of ${origin} are not accepted.`);

    const path = pathOf(request);
    if (path === '/healthz') return text(response, 200, 'ok\n');
    if (path === '/readyz') return ready(response);
    if (path === '/api/docs') return docsPage(response);
    if (!isCall(path)) return file(request, response, path);
    const admission = callers.admit(request);
    if (admission.as === 'tooMany') {
      response.setHeader('retry-after', String(admission.seconds));
      return problem(response, 429, 'too-many-requests', `That is too often; try again in ${admission.seconds} s.`);
    }
    if (admission.as === 'stranger') {
      response.setHeader('www-authenticate', 'Bearer');
      const needed = 'A bearer token is needed: the one in the token file, in the link that was printed at the start, or one of your own.';
      return problem(response, 401, 'bad-input', needed, 'quarterdeck tokens create NAME --scope read');
    }
    const context: CallContext = { caller: admission.caller };
    known.set(request, admission.caller);
    if (path === '/metrics' && mayDo(admission.caller.scope, 'read'))
      return text(response, 200, await metricsText(app), 'text/plain; version=0.0.4; charset=utf-8');
    if (path === '/api/openapi.json') return text(response, 200, document, 'application/json; charset=utf-8');
    if (path.startsWith('/rpc/')) {
      const { matched } = await rpc.handle(request, response, { prefix: '/rpc', context });
      if (!matched) problem(response, 404, 'not-found', `There is no ${path}.`);
      return;
    }
    const { matched } = await rest.handle(request, asProblem(response), { prefix: API, context });
    if (!matched) problem(response, 404, 'not-found', `There is no ${request.method ?? ''} ${path}. See /api/docs.`);
  }

  async function ready(response: ServerResponse): Promise<void> {
    try {
      await app.client.app.info({});
      text(response, 200, 'ok\n');
    } catch {
      text(response, 503, 'the event log does not answer\n');
    }
  }

  async function file(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return problem(response, 405, 'bad-input', `${path} is a file and can only be read.`);
    const found = webRoot === undefined ? undefined : await readWebFile(webRoot, path);
    if (found === undefined) return problem(response, 404, 'not-found', `There is nothing at ${path}.`);
    response.writeHead(200, found.headers);
    response.end(found.body);
  }

  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => done());
  });
  server.unref();
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the server does not listen on a port');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${at.port}`,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const ended = Promise.all([...running].filter((r) => !isStream(r)).map((r) => new Promise((done) => r.once('close', done))));
      let late: () => void = () => undefined;
      await Promise.race([ended, new Promise<void>((done) => (late = clock.after(CLOSE_MS, done)))]);
      late();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** OpenAPI 3.1 of the whole table. */
function describe() {
  return new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
    info: { title: 'Quarterdeck', version: '1' },
    servers: [{ url: API }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
}

/**
 * A page elsewhere can point a name of its own at our address and then talk to us as its own host. So a request must name a loopback
 * host, the host we were told to listen on, or the very address it came in on; and our port.
 */
function answersFor({ headers, socket }: IncomingMessage, listening: string): boolean {
  let asked: URL;
  try {
    asked = new URL(`http://${headers.host ?? ''}`);
  } catch {
    return false;
  }
  if (Number(asked.port === '' ? 80 : asked.port) !== socket.localPort) return false;
  const own = socket.localAddress?.replace(/^::ffff:/, '') ?? '';
  return LOOPBACK.has(asked.hostname) || [listening, own, `[${own}]`].includes(asked.hostname);
}

/** The path without its query; an unreadable one is the page. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

const isCall = (path: string) =>
  path === '/metrics' || path === '/api/openapi.json' || path.startsWith(`${API}/`) || path.startsWith('/rpc/');

/** Bad input says what is wrong in words; what nobody expected is logged and leaves without its stack. */
function explain(error: unknown, log: Log): void {
  if (!(error instanceof ORPCError)) {
    log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    return;
  }
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const message = z.prettifyError(new z.ZodError(error.cause.issues as z.core.$ZodIssue[]));
    throw new ORPCError('BAD_REQUEST', { status: 400, message, data: { code: 'bad-input', message } });
  }
}
