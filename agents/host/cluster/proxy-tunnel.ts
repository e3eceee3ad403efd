import { once } from 'node:events';
import { type Socket, isIP } from 'node:net';

/** Has a proxy open a way to a server, over a connection to the proxy that is there already. */

/** The proxy would not. Names the proxy by host and port alone: its URL may hold a password. */
export class ProxyFailed extends Error {
  readonly proxy: string;
  readonly hint: string;
  constructor(proxy: URL, what: string, hint: string) {
    super(`the proxy ${hostOf(proxy)} ${what}`);
    this.proxy = hostOf(proxy);
    this.hint = hint;
  }
}

const hostOf = (url: URL): string => `${url.hostname}:${portOf(url)}`;
/** A proxy that says more than this before the way is open is none. */
const MOST_HEAD = 16_384;
const CHECK = 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.';

/** A port by the scheme's own default where the URL has none; SOCKS has 1080. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : url.protocol === 'http:' ? 80 : 1080;
}

/** The name or address of a URL's host, an IPv6 address without its brackets. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** CONNECT (RFC 9110, 9.3.6), with the user and password of the proxy's URL where it has them. @throws ProxyFailed */
export async function connectThrough(socket: Socket, proxy: URL, server: URL): Promise<void> {
  const target = `${server.hostname}:${portOf(server)}`;
  const login = loginOf(proxy);
  const basic =
    login === undefined ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${basic}\r\n`);
  let head = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    head = Buffer.concat([head, await take(socket, proxy)]);
    end = head.indexOf('\r\n\r\n');
    if (end < 0 && head.length > MOST_HEAD) throw notAProxy(proxy);
  }
  if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1]);
  if (status >= 200 && status < 300) return;
  if (status === 407) throw loginWanted(proxy, login !== undefined);
  if (Number.isNaN(status)) throw notAProxy(proxy);
  throw new ProxyFailed(proxy, `would not connect to server ${server.host}: it answered ${status}.`, CHECK);
}

/** What a SOCKS5 server may answer to CONNECT (RFC 1928, 6). */
const SOCKS_REPLIES = [
  '',
  'it failed',
  'its rules do not allow it',
  'it cannot reach that network',
  'it cannot reach that host',
  'nothing listens there',
  'it ran out of time',
  'it does not know the command',
  'it does not know that kind of address',
];

/** SOCKS5 (RFC 1928, with the login of RFC 1929); names are resolved by the proxy, as Go has it. @throws ProxyFailed */
export async function socksThrough(socket: Socket, proxy: URL, server: URL): Promise<void> {
  const login = loginOf(proxy);
  socket.write(login === undefined ? Buffer.of(5, 1, 0) : Buffer.of(5, 2, 0, 2));
  const [version, method] = await take(socket, proxy, 2);
  if (version !== 5) throw notAProxy(proxy);
  if (method === 2 && login !== undefined) {
    const [user, password] = [Buffer.from(login.user), Buffer.from(login.password)];
    if (user.length > 255 || password.length > 255) throw loginWanted(proxy, true);
    socket.write(Buffer.concat([Buffer.of(1, user.length), user, Buffer.of(password.length), password]));
    const [, status] = await take(socket, proxy, 2);
    if (status !== 0) throw loginWanted(proxy, true);
  } else if (method !== 0) throw loginWanted(proxy, login !== undefined);
  const port = portOf(server);
  socket.write(Buffer.concat([Buffer.of(5, 1, 0), address(bareHost(server)), Buffer.of(port >> 8, port & 255)]));
  const [, reply = 1, , kind = 0] = await take(socket, proxy, 4);
  if (reply !== 0) {
    const why = SOCKS_REPLIES[reply] ?? `it answered ${reply}`;
    throw new ProxyFailed(proxy, `would not connect to server ${server.host}: ${why}.`, CHECK);
  }
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await take(socket, proxy, 1))[0] ?? 0);
  await take(socket, proxy, length + 2);
}

function address(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (isIP(host) === 6) return Buffer.from([4, ...ipv6Bytes(host)]);
  const name = Buffer.from(host);
  return Buffer.concat([Buffer.of(3, name.length), name]);
}

/** The 16 bytes of an address as the URL parser normalises it: hexadecimal groups, at most one `::`. */
function ipv6Bytes(host: string): number[] {
  const [head = '', tail] = host.split('::');
  const groups = (part: string) => part.split(':').filter((g) => g !== '');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}

/** So many bytes, or whatever comes next. */
async function take(socket: Socket, proxy: URL, bytes?: number): Promise<Buffer> {
  for (;;) {
    const part = socket.read(bytes) as Buffer | null;
    if (part !== null && (bytes === undefined || part.length === bytes)) return part;
    if (socket.readableEnded || socket.destroyed)
      throw new ProxyFailed(
        proxy,
        'closed the connection without a word.',
        'Check that proxy-url names the right port and scheme (http, https, socks5).',
      );
    const closed = new AbortController();
    const close = (): void => closed.abort();
    socket.once('close', close).once('end', close);
    try {
      await once(socket, 'readable', { signal: closed.signal });
    } catch (error) {
      if (!closed.signal.aborted) throw error;
    } finally {
      socket.off('close', close).off('end', close);
    }
  }
}

function loginOf(proxy: URL): { user: string; password: string } | undefined {
  if (proxy.username === '' && proxy.password === '') return undefined;
  return { user: plainText(proxy.username), password: plainText(proxy.password) };
}

function plainText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const loginWanted = (proxy: URL, given: boolean): ProxyFailed =>
  given
    ? new ProxyFailed(proxy, 'does not accept the user name and password of its URL.', 'Correct them in proxy-url or HTTPS_PROXY.')
    : new ProxyFailed(proxy, 'asks for a user name and a password.', 'Put them into its URL: proxy-url: http://USER:PASSWORD@HOST:PORT.');

const notAProxy = (proxy: URL): ProxyFailed =>
  new ProxyFailed(proxy, 'does not answer like a proxy.', 'Check that its URL names the right port and scheme (http, https, socks5).');
