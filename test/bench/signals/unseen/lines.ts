import { random, type Random } from './random.ts';
import type { Format } from './formats.ts';

/** A line and the number of the statement that wrote it; undefined: a continuation line (a stack frame), which nobody scores. */
export interface UnseenLine {
  readonly text: string;
  readonly truth: number | undefined;
}

const WORDS =
  'order invoice basket sync index tenant mail report shard quota upload export price stock cart refund token audit ledger batch image search user profile'.split(
    ' ',
  );
const SERVICES = ['checkout', 'payments', 'catalog', 'auth-proxy', 'billing-api', 'frontend', 'search', 'mailer', 'inventory', 'gateway'];
const SPACES = ['default', 'kube-system', 'prod', 'staging', 'team-a', 'monitoring', 'shop', 'cert-manager'];
const two = (n: number): string => String(n).padStart(2, '0');
const hex = (r: Random, n: number): string => Array.from({ length: n }, () => '0123456789abcdef'[r.int(0, 15)]).join('');
const letters = (r: Random, n: number): string => Array.from({ length: n }, () => 'bcdfghjklmnpqrstvwxz2456789'[r.int(0, 26)]).join('');
const many = (r: Random, from: number, to: number, one: () => string, by: string): string =>
  Array.from({ length: r.int(from, to) }, one).join(by);

const VALUES: Record<string, (r: Random, from: number, to: number) => string> = {
  int: (r, a, b) => String(r.int(a, b)),
  float: (r, a, b) => (a + r() * (b - a)).toFixed(r.int(1, 4)),
  hex: (r, a) => hex(r, a),
  HEX: (r, a) => hex(r, a).toUpperCase(),
  uuid: (r) => [8, 4, 4, 4, 12].map((n) => hex(r, n)).join('-'),
  ip: (r) => `10.${String(r.int(0, 255))}.${String(r.int(0, 255))}.${String(r.int(1, 254))}`,
  port: (r) => String(r.int(30_000, 62_000)),
  godur: (r) =>
    r.pick([
      () => `${(r() * 999).toFixed(6)}ms`,
      () => `${(r() * 999).toFixed(3)}µs`,
      () => `${(r() * 50).toFixed(9)}s`,
      () => `${String(r.int(1, 59))}m${String(r.int(1, 59))}s`,
      () => `${String(r.int(1, 20))}ms`,
    ])(),
  word: (r) => r.pick(WORDS),
  words: (r, a, b) => many(r, a, b, () => r.pick(WORDS), ' '),
  Words: (r, a, b) => many(r, a, b, () => r.pick(WORDS), ', '),
  service: (r) => r.pick(SERVICES),
  space: (r) => r.pick(SPACES),
  pod: (r) => `${r.pick(SERVICES)}-${hex(r, r.int(8, 10))}-${letters(r, 5)}`,
  node: (r) =>
    r.pick([`ip-10-0-${String(r.int(0, 99))}-${String(r.int(0, 255))}.eu-central-1.compute.internal`, `worker-${String(r.int(1, 40))}`]),
  path: (r) => '/' + many(r, 1, 4, () => r.pick([...WORDS, String(r.int(1, 99_999))]), '/'),
  file: (r) => `/var/lib/data/${many(r, 1, 3, () => hex(r, r.int(4, 12)), '/')}.${r.pick(['log', 'db', 'snap', 'idx'])}`,
  url: (r) =>
    `https://${r.pick(SERVICES)}.example.com${VALUES['path']?.(r, 0, 0) ?? ''}${r() < 0.4 ? `?id=${String(r.int(1, 9999))}&q=${r.pick(WORDS)}` : ''}`,
  size: (r) => r.pick([`${(r() * 900).toFixed(1)}mb`, `${(r() * 9).toFixed(1)}gb`, `${String(r.int(1, 900))}kb`]),
  iso: (r) => `2026-0${String(r.int(1, 9))}-${two(r.int(1, 28))}T${two(r.int(0, 23))}:${two(r.int(0, 59))}:${two(r.int(0, 59))}Z`,
  method: (r) => r.pick(['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
  status: (r) => r.pick(['200', '200', '200', '201', '204', '301', '400', '404', '429', '500', '502', '503']),
  bool: (r) => r.pick(['true', 'false']),
  list: (r, a, b) => `[${many(r, a, b, () => String(r.int(0, 99)), ', ')}]`,
  names: (r, a, b) => `[${many(r, a, b, () => `"${r.pick(SERVICES)}"`, ',')}]`,
  json: (r) =>
    JSON.stringify(
      Object.fromEntries(
        Array.from({ length: r.int(1, 3) }, () => [
          r.pick(WORDS),
          r.pick<unknown>([r.int(1, 999), r.pick(WORDS), { [r.pick(WORDS)]: r.int(1, 9) }, [r.int(1, 9), r.int(1, 9)]]),
        ]),
      ),
    ),
  mail: (r) => `${r.pick(['anna', 'ben', 'carla', 'deniz', 'elif'])}.${r.pick(WORDS)}@example.org`,
  agent: (r) =>
    r.pick([
      'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
      'curl/8.5.0',
      'kube-probe/1.30',
      'Go-http-client/2.0',
      'okhttp/4.12.0',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15',
    ]),
  topic: (r) => `${r.pick(WORDS)}-${r.pick(['events', 'updates', 'dlq', 'v2'])}`,
  index: (r) => `${r.pick(['logs', 'metrics', 'audit'])}-2026.${two(r.int(1, 12))}.${two(r.int(1, 28))}`,
  qtype: (r) => r.pick(['A', 'AAAA', 'SRV', 'PTR', 'TXT']),
  domain: (r) => `${r.pick(SERVICES)}.${r.pick(SPACES)}.svc.cluster.local.`,
  level: (r) => r.pick(['debug', 'info', 'warn', 'error']),
};

/** the clock of the lines, in the spellings the programs use */
const clock = (at: number, spelling: string): string => {
  const d = new Date(at);
  const iso = d.toISOString();
  switch (spelling) {
    case 'klog':
      return `${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${iso.slice(11, 23)}${String(at % 1000).padStart(3, '0')}`;
    case 'space':
      return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
    case 'comma':
      return `${iso.slice(0, 10)} ${iso.slice(11, 19)},${iso.slice(20, 23)}`;
    case 'dot':
      return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
    case 'slash':
      return `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)}`;
    case 'clf':
      return `${iso.slice(8, 10)}/${d.toUTCString().slice(8, 11)}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
    case 'ha':
      return `${iso.slice(8, 10)}/${d.toUTCString().slice(8, 11)}/${iso.slice(0, 4)}:${iso.slice(11, 23)}`;
    case 'redis':
      return `${iso.slice(8, 10)} ${d.toUTCString().slice(8, 11)} ${iso.slice(0, 4)} ${iso.slice(11, 23)}`;
    case 'epoch':
      return String(at);
    default:
      return iso;
  }
};

const filled = (text: string, at: number, r: Random): string =>
  text.replaceAll(
    /«(\w+)(?::(-?\d+)(?:\.\.(\d+))?)?(?::(\w+))?»/gu,
    (_all, name: string, from?: string, to?: string, spelling?: string) => {
      if (name === 'now') return clock(at, spelling ?? 'iso');
      const value = VALUES[name];
      if (!value) throw new Error(`no value named ${name}`);
      return value(r, Number(from ?? 1), Number(to ?? from ?? 9999));
    },
  );

/** lines of a format: statements by a Zipf law, continuation lines after "⏎" */
export function linesOf(format: Format, count = 5000, seed = 'unseen'): UnseenLine[] {
  const r = random(`${seed}/${format.name}`);
  const statements = format.statements
    .trim()
    .split('\n')
    .map((line) => line.trim());
  const order = statements.map((_s, i) => ({ i, by: r() })).sort((a, b) => a.by - b.by);
  const weights = order.map((_o, rank) => 1 / (rank + 1) ** 1.1);
  const total = weights.reduce((a, b) => a + b, 0);
  const lines: UnseenLine[] = [];
  let at = Date.UTC(2026, 4, 4, 6);
  let scored = 0;
  while (scored < count) {
    at += Math.round(r.exp(400));
    let draw = r() * total;
    let rank = 0;
    while ((draw -= weights[rank] ?? 0) > 0 && rank < order.length - 1) rank++;
    const truth = order[rank]?.i ?? 0;
    const statement = statements[truth] ?? '';
    const cut = statement.indexOf(' ');
    const whole = format.head.replace('«L»', statement.slice(0, cut)).replace('«M»', () => statement.slice(cut + 1));
    for (const [n, text] of filled(whole, at, r).split('⏎').entries()) lines.push({ text, truth: n === 0 ? truth : undefined });
    scored++;
  }
  return lines;
}
