import { BlockList, isIP } from 'node:net';
import { bareHost, portOf } from './proxy-tunnel.ts';

const SCHEMES = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** A proxy's URL as it stands in a kubeconfig or in the environment; undefined where it is none. May hold a password. */
export function readProxy(text: string): URL | undefined {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  return url !== null && SCHEMES.includes(url.protocol) && url.hostname !== '' ? url : undefined;
}

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go reads them: never for loopback. */
export function proxyFromEnv(server: URL, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const host = bareHost(server);
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return undefined;
  const without = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((s) => s.trim().toLowerCase());
  if (without.some((entry) => entry !== '' && covers(entry, host, portOf(server)))) return undefined;
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = env[name] ?? env[name.toLowerCase()];
  return value === undefined || value === '' ? undefined : value.includes('://') ? value : `http://${value}`;
}

/** `*`, `host`, `.suffix`, `host:port`, an address, or a range as `10.0.0.0/8`. A name stands for all names below it too. */
function covers(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(host, entry);
  const [, name = entry, only] = /^(.*?):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*/, '');
  return host === bare || host.endsWith(bare.startsWith('.') ? bare : `.${bare}`);
}

function inRange(host: string, entry: string): boolean {
  const [base = '', bits = ''] = entry.split('/');
  const family = isIP(host);
  if (family === 0 || isIP(base) !== family || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const range = new BlockList();
  const name = family === 4 ? 'ipv4' : 'ipv6';
  range.addSubnet(base, Number(bits), name);
  return range.check(host, name);
}
