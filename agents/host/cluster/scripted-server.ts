import { type IncomingMessage, type RequestListener, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ClusterEntry, UserEntry } from './kubeconfig-file.ts';
import type { KubeTarget } from './kubeconfig.ts';

/** A real HTTP server on loopback whose answers a test writes: what the far end of a connection may do that no good server does. */

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface ScriptedServer {
  readonly url: string;
  readonly host: string;
  readonly seen: readonly Seen[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  /** Resolves when so many requests have arrived in all. */
  arrived(requests: number): Promise<void>;
  /** Cuts every connection without a word, as a dead network would look like from here. */
  cut(): void;
  close(): Promise<void>;
}

export type Script = (seen: Seen, response: ServerResponse) => void;

export async function scriptedServer(script: Script, tls?: Parameters<typeof createTlsServer>[0], port = 0): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  let waiting: { requests: number; resolve: () => void }[] = [];
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const one = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers };
    seen.push(one);
    script(one, response);
    for (const { resolve } of waiting.filter((w) => w.requests <= seen.length)) resolve();
    waiting = waiting.filter((w) => w.requests > seen.length);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('connection', (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    seen,
    connections: () => accepted,
    arrived: (requests) => (seen.length >= requests ? Promise.resolve() : new Promise((resolve) => waiting.push({ requests, resolve }))),
    cut,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** A Status as API servers send it with an error. */
export function sendStatus(response: ServerResponse, code: number, message = '', headers: Record<string, string> = {}): void {
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, code, headers);
}

/** A context `test` of user `me` that leads to a server. */
export function targetOf(server: string, user: Partial<UserEntry> = {}, cluster: Partial<ClusterEntry> = {}, name = 'test'): KubeTarget {
  const none = undefined;
  return {
    context: {
      name,
      nameInFile: name,
      cluster: 'c',
      user: 'me',
      server,
      namespace: 'shop',
      file: '/kube/config',
      current: true,
      demo: false,
      place: 'here',
      protected: false,
      readOnly: false,
      color: null,
      group: null,
      alias: null,
    },
    cluster: {
      server,
      'certificate-authority': none,
      'certificate-authority-data': none,
      'insecure-skip-tls-verify': false,
      'tls-server-name': none,
      'proxy-url': none,
      ...cluster,
    },
    user: {
      'client-certificate': none,
      'client-certificate-data': none,
      'client-key': none,
      'client-key-data': none,
      token: none,
      tokenFile: none,
      username: none,
      password: none,
      as: none,
      'as-uid': none,
      ...user,
    },
    userKey: '/kube/config\nme',
  };
}
