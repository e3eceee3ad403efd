import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { type TlsOptions, createServer as createTlsServer } from 'node:tls';

/** Real proxies on loopback: HTTP CONNECT and SOCKS5, with a login where a test wants one, and names only they can resolve. */

export interface Proxy {
  readonly host: string;
  /** `host:port` of every way that was opened, as the client named it. */
  readonly opened: readonly string[];
  close(): Promise<void>;
}

type Login = { readonly user: string; readonly password: string } | undefined;
type Names = Readonly<Record<string, string>>;
type Serve = (socket: Socket, open: (host: string, port: number, ready: (error?: Error) => void) => void) => void;

async function proxy(names: Names, serve: Serve, tls?: TlsOptions): Promise<Proxy> {
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const begin = (socket: Socket): void => {
    keep(socket);
    serve(socket, (host, port, ready) => {
      const far = connect({ host: names[host] ?? host, port });
      keep(far);
      far.once('error', ready);
      far.once('connect', () => {
        opened.push(`${host}:${port}`);
        ready();
        socket.pipe(far).pipe(socket);
      });
    });
  };
  const server = tls === undefined ? createServer(begin) : createTlsServer(tls, begin);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    opened,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

/** With `tls` it is spoken to over TLS. */
export function connectProxy(login: Login = undefined, names: Names = {}, tls?: TlsOptions): Promise<Proxy> {
  const wanted = login === undefined ? undefined : Buffer.from(`${login.user}:${login.password}`).toString('base64');
  return proxy(
    names,
    (socket, open) => {
      let head = '';
      const hear = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        socket.off('data', hear);
        const [, host = '', port = ''] = /^CONNECT (.+):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? [];
        if (wanted !== undefined && !head.includes(`Proxy-Authorization: Basic ${wanted}\r\n`))
          return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
        open(host, Number(port), (error) => {
          if (error === undefined) socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          else socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
        });
      };
      socket.on('data', hear);
    },
    tls,
  );
}

export function socksProxy(login: Login = undefined, names: Names = {}): Promise<Proxy> {
  return proxy(names, (socket, open) => {
    let step: 'methods' | 'login' | 'request' = 'methods';
    const hear = (chunk: Buffer): void => {
      if (step === 'methods') {
        const offered = [...chunk.subarray(2, 2 + (chunk[1] ?? 0))];
        const method = login === undefined ? 0 : offered.includes(2) ? 2 : 255;
        step = method === 2 ? 'login' : 'request';
        socket.write(Buffer.of(5, method));
      } else if (step === 'login') {
        const length = chunk[1] ?? 0;
        const right = chunk.subarray(2, 2 + length).toString() === login?.user && chunk.subarray(3 + length).toString() === login.password;
        step = 'request';
        socket.write(Buffer.of(1, right ? 0 : 1));
      } else {
        socket.off('data', hear);
        const name = chunk[3] === 3;
        const length = name ? (chunk[4] ?? 0) : 4;
        const bytes = chunk.subarray(name ? 5 : 4, (name ? 5 : 4) + length);
        const host = name ? bytes.toString() : bytes.join('.');
        open(host, chunk.readUInt16BE(chunk.length - 2), (error) => {
          socket.write(Buffer.of(5, error === undefined ? 0 : 5, 0, 1, 0, 0, 0, 0, 0, 0));
          if (error !== undefined) socket.end();
        });
      }
    };
    socket.on('data', hear);
  });
}
