/** What a line of a log says about the world around the program. Log text is data: it is matched and quoted, never obeyed. */

/** `main.go:42` is a place in a program. */
const SOURCE = /\.(?:go|py|js|mjs|cjs|ts|tsx|java|kt|rb|rs|c|cc|cpp|h|php|cs|scala|ex|exs|sh|pl|conf|ya?ml|json|toml|xml)$/;

/** The port a line speaks of: after a colon, else after the word. Numbers of errors do not look like that. */
function portIn(line: string): number | undefined {
  const afterColon = [...line.matchAll(/:(\d{2,5})(?=[\s:,;)\]"']|$)/g)]
    .filter((m) => !SOURCE.test(line.slice(0, m.index)))
    .map((m) => Number(m[1]));
  const written = [...line.matchAll(/\bport\s*[=:#]?\s*(\d{2,5})\b/gi)].map((m) => Number(m[1]));
  return [...afterColon, ...written].find((port) => port > 0 && port <= 65_535);
}

/** A port that another program of the pod has already: Go, Node, Python, Java, nginx, .NET. */
export function portTaken(line: string): { readonly port: number | undefined } | undefined {
  const says =
    /address already in use|EADDRINUSE|address in use|port (?:\d+ )?(?:is |was )?already (?:in use|allocated|taken)|only one usage of each socket address/i;
  return says.test(line) ? { port: portIn(line.replace(/\(\d+:/, '(')) } : undefined;
}

/** A port the program may not open: below 1024 without the right to. */
export function portForbidden(line: string): { readonly port: number | undefined } | undefined {
  const says = /\b(?:bind|listen|socket)\b.*(?:permission denied|EACCES|operation not permitted)|EACCES.*\b(?:bind|listen)\b/i;
  return says.test(line) ? { port: portIn(line.replace(/\(\d+:/, '(')) } : undefined;
}

export interface Unreachable {
  /** A name, or an address. Lower case. */
  readonly host: string;
  readonly port: number | undefined;
  readonly how: 'not-found' | 'refused' | 'timeout' | 'other';
}

const HOST = '([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)';
const named = (pattern: string): RegExp => new RegExp(pattern.replaceAll('HOST', HOST), 'i');
/** How resolvers of common runtimes say that there is no such name: Go, Node, Java, libpq, curl, nginx, Python, busybox, PHP, .NET, MySQL, Kafka, Erlang. */
const UNKNOWN: readonly RegExp[] = [
  String.raw`lookup HOST(?: on \S+)?: (?:no such host|.*server misbehaving|.*NXDOMAIN)`,
  String.raw`lookup HOST(?: on \S+)?: .*(?:i/o timeout|timed out|connection refused|no route to host)`,
  String.raw`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) HOST`,
  String.raw`getaddrinfo for HOST failed`,
  String.raw`(?:name or service not known|name does not resolve|no such host is known\.?) \(HOST:\d+\)`,
  String.raw`connecting to HOST:\d+\. (?:name or service not known|name does not resolve|temporary failure)`,
  String.raw`\(HOST:\d+\): (?:non-existing domain|:?nxdomain)`,
  String.raw`unknown MySQL server host ["']HOST["']`,
  String.raw`(?:resolve server HOST:\d+|DNS resolution failed for HOST)`,
  String.raw`UnknownHostException:? HOST`,
  String.raw`(?:translate|resolve|resolving) (?:host ?name |host:? |the name |name )["']?HOST["']?`,
  // Without such a word, what is resolved may be a path or a conflict: a name is in quotes, has a dot, or a resolver's words follow.
  String.raw`(?:translate|resolve|resolving) (?:["']HOST["']|(?=[a-z0-9-]*\.[a-z])HOST|HOST: .*(?:no such|not known|not found|NXDOMAIN|time))`,
  String.raw`(?:host not found in upstream|unknown host|no such host:?|bad address|could not resolve:) ["']?HOST`,
  String.raw`["']?HOST["']?:? (?:name or service not known|nodename nor servname|no such host|temporary failure in name resolution)`,
].map(named);
const REACH =
  /cannot reach|can't reach|could not (?:reach|connect)|cannot connect|can't connect|unable to (?:reach|connect)|failed to (?:reach|connect|dial)|connect(?:ion)? (?:to|call failed|error|refused|timed out|reset)|connection|dial tcp|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|no route to host|i\/o timeout|waiting for|not reachable|unreachable|: ?\d+ - (?:no response|rejecting connections)/i;
const TARGET = new RegExp(String.raw`(?:^|[\s"'(@/=])${HOST}:(\d{2,5})(?=[\s"',;:)/]|\.(?:\s|$)|$)`, 'gi');
const SIX = /\[([0-9a-f]*:[0-9a-f:]+)\]:(\d{2,5})\b/gi;
/** As Python writes an address: `('10.96.0.7', 5432)`. */
const PAIR = new RegExp(String.raw`\(['"]${HOST}['"], (\d{2,5})\b`, 'gi');
/** As libpq, the clients of MySQL and ODBC write it: the host in quotes, the port, if it is said, in words. */
const QUOTED = [
  named(String.raw`\bhost=["']HOST["'], port=(\d{2,5})`),
  named(
    String.raw`\b(?:to server at|server on|on host|to host) ["']HOST["'](?: \([^)]*\))?,? (?:failed|\(|port (\d{2,5})|and accepting TCP/IP connections on port (\d{2,5}))`,
  ),
];
/** Words before a colon and a number, or before what a resolver says, that are no hosts. */
const NO_HOST = new Set([
  'failed',
  'information',
  'address',
  'lookup',
  'tcp',
  'port',
  'http',
  'https',
  'at',
  'line',
  'error',
  'code',
  'errno',
  'status',
  'pid',
  'localhost',
]);

/** Whom the program could not reach, by name or address. The name that could not be resolved before one that did not answer. */
export function unreachable(line: string): Unreachable | undefined {
  for (const pattern of UNKNOWN) {
    const host = pattern.exec(line)?.slice(1).find(Boolean)?.toLowerCase();
    if (host !== undefined && !NO_HOST.has(host) && !/(?:exception|error)$/.test(host)) return { host, port: undefined, how: 'not-found' };
  }
  if (!REACH.test(line)) return undefined;
  const how = /refused|ECONNREFUSED/i.test(line) ? 'refused' : /time(?:d)? ?out|ETIMEDOUT/i.test(line) ? 'timeout' : 'other';
  for (const [, name = '', port] of [...line.matchAll(TARGET), ...line.matchAll(PAIR), ...line.matchAll(SIX)]) {
    const host = name.toLowerCase();
    if (NO_HOST.has(host) || SOURCE.test(host) || /^127\.|^::1?$|^0\.0\.0\.0$|^\d+$|^\d{1,2}:|^\d{4}-\d\d-\d\dt/.test(host)) continue;
    return { host, port: Number(port), how };
  }
  for (const pattern of QUOTED) {
    const [, name, ...ports] = pattern.exec(line) ?? [];
    const port = ports.find(Boolean);
    if (name !== undefined && !NO_HOST.has(name.toLowerCase()))
      return { host: name.toLowerCase(), port: port === undefined ? undefined : Number(port), how };
  }
  const url = /https?:\/\/([a-z0-9.-]+)(?::(\d+))?/i.exec(line);
  const host = url?.[1]?.toLowerCase();
  if (host === undefined || NO_HOST.has(host)) return undefined;
  return { host, port: url?.[2] === undefined ? undefined : Number(url[2]), how };
}

const PATH = /["'`(\s:=]((?:\/[\w.@+-]+)+\/?)/;

/** The path a line speaks of. */
function pathIn(line: string): string | undefined {
  return PATH.exec(` ${line}`)?.[1];
}

/** A path that could not be written because the file system is read-only. */
export function readOnly(line: string): { readonly path: string | undefined } | undefined {
  return /read-only file ?system|EROFS/i.test(line) ? { path: pathIn(line) } : undefined;
}

/** A file named from where the program stands, beside the words that it may not be opened or made. */
const RELATIVE =
  /\b(?:open|create|mkdir|write|access|dir(?:ectory)?|file)\b[^:;'"]{0,40}?["' ]([\w@+-][\w.@+-]*(?:\/[\w.@+-]+)*)["']?: permission denied|permission denied(?::|, \w+) ["']([\w@+-][\w.@+-]*(?:\/[\w.@+-]+)*)["']/i;

/** A path that the program may not read or write; `relative` where it is named from where the program stands. Ports are another matter. */
export function notPermitted(line: string): { readonly path: string; readonly relative: boolean } | undefined {
  if (!/permission denied|EACCES|access denied|operation not permitted|EPERM/i.test(line) || /\b(?:bind|listen)\b/i.test(line))
    return undefined;
  const path = pathIn(line);
  if (path !== undefined) return { path, relative: false };
  const [, before, after] = RELATIVE.exec(line) ?? [];
  const name = before ?? after;
  return name === undefined ? undefined : { path: name, relative: true };
}

/** A volume that is full. */
export function noSpace(line: string): { readonly path: string | undefined } | undefined {
  return /no space left on device|ENOSPC|disk (?:is )?full|disk quota exceeded/i.test(line) ? { path: pathIn(line) } : undefined;
}

/** A program that is none for this machine. */
export const wrongFormat = (line: string): boolean =>
  /exec format error|exec user process caused.*format|cannot execute binary file/i.test(line);
