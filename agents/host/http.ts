import { OpenAPIHandler } from '@orpc/openapi/node';
import { OpenAPIGenerator } from '@orpc/openapi';
import { RPCHandler } from '@orpc/server/node';
import { ORPCError, ValidationError, onError } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { z } from 'zod';
import { contract } from '../contract/index.ts';
import type { App } from './app.ts';
import { docsPage } from './docs-page.ts';
import { metricsText } from './metrics.ts';
import type { Log } from './ports.ts';
import { serveFile } from './web-files.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: string;
  /** Folder of the built web page; without it only the API is served. */
  readonly webRoot?: string | undefined;
  readonly log: Log;
}

export interface Served {
  /** `http://127.0.0.1:41234`, without the token. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const MOST_BODY_BYTES = 4 * 2 ** 20;
const API = '/api/v1';

/**
 * Carries the contract over HTTP: REST and server-sent events under /api/v1, the renderer's calls under /rpc, the page, and the
 * usual endpoints of a server. Every call needs the bearer token; `Host` must be ours (DNS rebinding) and so must `Origin`.
 */
export async function serveHttp(app: App, { host, port, token, webRoot, log }: ServeOptions): Promise<Served> {
  const rest = new OpenAPIHandler(app.router, { clientInterceptors: [onError((error) => explain(error, log))] });
  const rpc = new RPCHandler(app.router, { clientInterceptors: [onError((error) => explain(error, log))] });
  const document = JSON.stringify(
    await new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
      info: { title: 'Quarterdeck', version: '1' },
      servers: [{ url: API }],
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    }),
  );

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      log('error', `request failed: ${error instanceof Error ? error.message : String(error)}`);
      if (!response.headersSent) problem(response, 500, 'internal', 'Quarterdeck could not answer. Its log says why.');
      else response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    const url = new URL(request.url ?? '/', 'http://quarterdeck.invalid');
    const own = address();
    const asked = new URL(`http://${request.headers.host ?? ''}`);
    if (asked.port !== String(own.port) || !(LOOPBACK.has(asked.hostname) || asked.hostname === host))
      return problem(response, 421, 'bad-input', `This server does not answer for the host ${request.headers.host ?? '(none)'}.`);
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.headers.host ?? ''}`)
      return problem(response, 403, 'bad-input', `Requests from pages of ${origin} are not accepted.`);

    if (url.pathname === '/healthz' || url.pathname === '/readyz') return text(response, 200, 'ok\n');
    const isCall =
      url.pathname.startsWith(`${API}/`) ||
      url.pathname.startsWith('/rpc/') ||
      url.pathname === '/metrics' ||
      url.pathname === '/api/openapi.json';
    if (isCall && !authorised(request, token)) {
      response.setHeader('www-authenticate', 'Bearer');
      return problem(
        response,
        401,
        'bad-input',
        'A bearer token is needed: the one in the token file, or in the link that was printed at the start.',
      );
    }
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES)
      return problem(response, 413, 'bad-input', 'The request is larger than 4 MiB.');
    if (url.pathname === '/metrics') return text(response, 200, await metricsText(app.client), 'text/plain; version=0.0.4; charset=utf-8');
    if (url.pathname === '/api/openapi.json') return text(response, 200, document, 'application/json; charset=utf-8');
    if (url.pathname === '/api/docs') return docsPage(response);
    if (url.pathname.startsWith(`${API}/`)) {
      asProblem(response);
      const { matched } = await rest.handle(request, response, { prefix: API, context: {} });
      if (!matched) problem(response, 404, 'not-found', `There is no ${request.method ?? ''} ${url.pathname}. See /api/docs.`);
      return;
    }
    if (url.pathname.startsWith('/rpc/')) {
      const { matched } = await rpc.handle(request, response, { prefix: '/rpc', context: {} });
      if (!matched) problem(response, 404, 'not-found', `There is no ${url.pathname}.`);
      return;
    }
    if (webRoot === undefined || !(await serveFile(response, webRoot, url.pathname)))
      problem(response, 404, 'not-found', `There is nothing at ${url.pathname}.`);
  }

  const address = () => {
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('the server does not listen');
    return at;
  };
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => done());
  });
  server.unref();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address().port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function authorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
  const right = Buffer.from(token);
  return given.length === right.length && timingSafeEqual(given, right);
}

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

/** Errors of the REST half as RFC 9457 problems: `detail` is the sentence, `code` and `hint` are ours. */
function asProblem(response: ServerResponse): void {
  const end = response.end.bind(response);
  response.end = ((chunk?: unknown, ...rest: unknown[]) => {
    if (response.statusCode < 400 || response.headersSent || (typeof chunk !== 'string' && !Buffer.isBuffer(chunk)))
      return (end as (...all: unknown[]) => ServerResponse)(chunk, ...rest);
    const body = JSON.stringify(problemOf(response.statusCode, chunk.toString()));
    response.setHeader('content-type', 'application/problem+json');
    response.removeHeader('content-length');
    return end(body);
  }) as typeof response.end;
}

function problemOf(status: number, text: string): object {
  let said: { message?: string; data?: { code?: string; message?: string; hint?: string } } = {};
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    said = {};
  }
  const detail = said.data?.message ?? said.message ?? 'The request could not be carried out.';
  return {
    type: 'about:blank',
    title: said.data?.code ?? 'internal',
    status,
    detail,
    code: said.data?.code ?? 'internal',
    ...(said.data?.hint === undefined ? {} : { hint: said.data.hint }),
  };
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  text(response, status, JSON.stringify({ type: 'about:blank', title: code, status, detail, code }), 'application/problem+json');
}

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
