import { Dice } from './dice.ts';

/** Logs of many formats; of each line it is known which statement of the program wrote it. */

export interface Line {
  readonly text: string;
  readonly statement: string;
}

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'mallory', 'niaj', 'olivia', 'peggy'];
const SERVICES = [
  'checkout',
  'cart-svc',
  'payments-api',
  'inventory',
  'search-index',
  'mail-relay',
  'auth',
  'billing-worker',
  'web',
  'ledger',
];
const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
const hex = (d: Dice, length: number): string => Array.from({ length }, () => '0123456789abcdef'[d.whole(0, 15)]).join('');
const ip = (d: Dice): string => `${d.whole(1, 254)}.${d.whole(0, 255)}.${d.whole(0, 255)}.${d.whole(1, 254)}`;

/** What stands for `{x}` in a statement. */
const FILL: Readonly<Record<string, (d: Dice) => string>> = {
  n: (d) => String(d.whole(0, d.one([9, 999, 1_000_000]))),
  f: (d) => d.between(0, 100).toFixed(d.whole(1, 3)),
  ip,
  addr: (d) => `${ip(d)}:${d.whole(1024, 65_535)}`,
  hex: (d) => hex(d, 16),
  uuid: (d) => `${hex(d, 8)}-${hex(d, 4)}-${hex(d, 4)}-${hex(d, 4)}-${hex(d, 12)}`,
  path: (d) => `/${d.one(['var', 'srv', 'data', 'home'])}/${d.one(NAMES)}/${d.one(SERVICES)}${d.chance(0.5) ? `.${d.whole(1, 99)}` : ''}`,
  url: (d) => `http://${d.one(SERVICES)}.example:${d.whole(80, 9000)}/v${d.whole(1, 3)}/${d.one(NAMES)}`,
  user: (d) => d.one(NAMES),
  svc: (d) => d.one(SERVICES),
  pod: (d) => `${d.one(SERVICES)}-${hex(d, 9)}-${hex(d, 5)}`,
  blk: (d) => `blk_${d.chance(0.5) ? '-' : ''}${d.whole(1e9, 9e12)}`,
  dur: (d) => `${d.between(0, 900).toFixed(1)}${d.one(['ms', 's', 'µs'])}`,
  quoted: (d) => `"${d.one(NAMES)} ${d.one(SERVICES)} ${d.whole(1, 99)}"`,
  list: (d) => Array.from({ length: d.whole(1, 5) }, () => String(d.whole(1, 500))).join(', '),
};

interface Format {
  readonly head: (d: Dice, time: Date) => string;
  readonly tail?: string;
  readonly statements: readonly string[];
}

const iso = (t: Date): string => t.toISOString();
const clock = (t: Date): string => `${pad(t.getUTCHours())}:${pad(t.getUTCMinutes())}:${pad(t.getUTCSeconds())}`;
const syslog = (t: Date): string => `Jun ${String(t.getUTCDate()).padStart(2)} ${clock(t)}`;

const FORMATS: Readonly<Record<string, Format>> = {
  sshd: {
    head: (d, t) => `${syslog(t)} host${d.whole(1, 3)} sshd[${d.whole(1000, 32_000)}]: `,
    statements: [
      'Accepted password for {user} from {ip} port {n} ssh2',
      'Failed password for invalid user {user} from {ip} port {n} ssh2',
      'Connection closed by {ip} [preauth]',
      'Received disconnect from {ip}: 11: Bye Bye [preauth]',
      'pam_unix(sshd:session): session opened for user {user} by (uid=0)',
      'pam_unix(sshd:session): session closed for user {user}',
      'reverse mapping checking getaddrinfo for {svc} [{ip}] failed - POSSIBLE BREAK-IN ATTEMPT!',
      'error: Received disconnect from {ip}: 3: No more user authentication methods available. [preauth]',
    ],
  },
  'file system of blocks': {
    head: (d, t) => `2506${pad(t.getUTCDate())} ${clock(t).replaceAll(':', '')} ${d.whole(1, 4000)} INFO dfs.DataNode$PacketResponder: `,
    statements: [
      'PacketResponder {n} for block {blk} terminating',
      'Received block {blk} of size {n} from {path}',
      'Receiving block {blk} src: {addr} dest: {addr}',
      'Verification succeeded for {blk}',
      'Deleting block {blk} file {path}',
      'Starting thread to transfer block {blk} to {addr}',
      'Exception in receiveBlock for block {blk} java.io.IOException: Connection reset by peer',
    ],
  },
  kubelet: {
    head: (d, t) =>
      `I06${pad(t.getUTCDate())} ${clock(t)}.${pad(d.whole(0, 999_999), 6)}    ${d.whole(100, 9999)} kubelet.go:${d.whole(1, 3) * 111}] `,
    statements: [
      '"SyncLoop ADD" source="api" pods=["shop/{pod}"]',
      'Container {hex} of pod {pod} is not ready',
      'Back-off restarting failed container {svc} in pod {pod}',
      'Liveness probe for pod {pod} failed: HTTP probe failed with statuscode: {n}',
      'Readiness probe for pod {pod} succeeded',
      'Unable to attach or mount volumes for pod {pod}: timed out waiting for the condition',
      'Image garbage collection succeeded after {dur}',
    ],
  },
  'logfmt of a Go service': {
    head: (d, t) => `time="${iso(t)}" level=${d.one(['info'])} `,
    statements: [
      'msg="request finished" method=GET path={path} status={n} took={dur}',
      'msg="cache miss" key={hex} shard={n}',
      'msg="retrying upstream call" upstream={svc} attempt={n} error="dial tcp {addr}: connect: connection refused"',
      'msg="configuration reloaded" file={path} version={n}',
      'msg="leader election lost" id={uuid}',
      'msg="connection pool exhausted" size={n} waiting={n}',
    ],
  },
  'JSON of a Node service': {
    head: (d, t) => `{"time":"${iso(t)}","level":"info","pid":${d.whole(1, 9999)},"msg":"`,
    tail: '"}',
    statements: [
      'order {uuid} accepted for customer {n}',
      'order {uuid} rejected because of stock',
      'listening on {addr}',
      'payment of {f} EUR captured',
      'worker {n} drained in {dur}',
      'slow query took {dur} on table {svc}',
    ],
  },
  'Java with threads': {
    head: (d, t) =>
      `${iso(t).replace('T', ' ').replace('.', ',').replace('Z', '')} INFO  [http-nio-8080-exec-${d.whole(1, 20)}] c.e.s.OrderService - `,
    statements: [
      'Order {n} created for user {user} in {dur}',
      'Order {n} cancelled by user {user}',
      'Fetching page {n} of {n} from {url}',
      'Transaction {hex} committed',
      'Transaction {hex} rolled back after {n} attempts',
      'Loaded {n} entities of type Customer from the second level cache',
      'Scheduled task cleanup finished: {n} rows removed, {n} kept',
    ],
  },
  'access log': {
    head: (d, t) => `${ip(d)} - - [${pad(t.getUTCDate())}/Jun/2025:${clock(t)} +0000] `,
    statements: ['"GET {path} HTTP/1.1" {n} {n} "-" "curl/8.{n}"'],
  },
  'error log of a proxy': {
    head: (d, t) => `2025/06/${pad(t.getUTCDate())} ${clock(t)} [error] ${d.whole(1, 99)}#${d.whole(1, 99)}: *${d.whole(1, 99_999)} `,
    statements: [
      'connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, server: {svc}, upstream: "{url}"',
      'upstream timed out (110: Operation timed out) while reading response header from upstream, client: {ip}, server: {svc}',
      'open() "{path}" failed (2: No such file or directory), client: {ip}, server: {svc}',
      'limiting requests, excess: {f} by zone "api", client: {ip}',
      'client intended to send too large body: {n} bytes, client: {ip}',
    ],
  },
  database: {
    head: (d, t) => `${iso(t).replace('T', ' ').slice(0, 23)} UTC [${d.whole(10, 9999)}] `,
    statements: [
      'LOG:  checkpoint starting: time',
      'LOG:  checkpoint complete: wrote {n} buffers ({f}%); write={f} s, sync={f} s, total={f} s',
      'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
      'FATAL:  remaining connection slots are reserved for superuser connections',
      'LOG:  automatic vacuum of table {quoted}: index scans: {n}',
      'LOG:  duration: {f} ms  statement: select',
      'FATAL:  password authentication failed for user {quoted}',
    ],
  },
  'key-value store': {
    head: (d, t) => `${d.whole(1, 9)}:M ${pad(t.getUTCDate())} Jun 2025 ${clock(t)}.${pad(d.whole(0, 999), 3)} * `,
    statements: [
      'DB saved on disk',
      'Background saving started by pid {n}',
      'RDB: {n} MB of memory used by copy-on-write',
      '{n} changes in {n} seconds. Saving...',
      'Synchronization with replica {addr} succeeded',
      'Connection with replica {addr} lost.',
    ],
  },
  kernel: {
    head: (d, t) => `${syslog(t)} node-${d.whole(1, 9)} kernel: [${d.whole(1, 99_999)}.${pad(d.whole(0, 999_999), 6)}] `,
    statements: [
      'Out of memory: Killed process {n} ({svc}) total-vm:{n}kB, anon-rss:{n}kB',
      'eth0: link up, {n}Mbps, full-duplex',
      'TCP: request_sock_TCP: Possible SYN flooding on port {n}. Sending cookies.',
      'EXT4-fs (sda{n}): mounted filesystem with ordered data mode',
      'CPU{n}: Core temperature above threshold, cpu clock throttled (total events = {n})',
      'nf_conntrack: table full, dropping packet',
    ],
  },
  'Python service': {
    head: (d, t) => `[${iso(t).replace('T', ' ').slice(0, 19)},${pad(d.whole(0, 999), 3)}] WARNING in app.tasks: `,
    statements: [
      'Task reindex[{uuid}] received',
      'Task reindex[{uuid}] succeeded in {f}s: None',
      'Task mail[{uuid}] retry: Retry in {n}s',
      'Connected to amqp://{user}@{addr}//',
      'missed heartbeat from worker@{svc}',
      'ids without a match: {list}',
    ],
  },
  'distributed cache, in columns': {
    head: (d, t) => `${iso(t)} | INFO | node-${d.whole(1, 5)} | gossip | `,
    statements: [
      'Node {addr} is now UP',
      'Node {addr} is now DOWN',
      'Handshaking version with {addr}',
      'Compacted {n} sstables to {path}. {n} bytes to {n} (~{n}% of original) in {n}ms.',
      'Flushing largest memtable {svc} to free up room',
      'Hinted handoff of {n} rows to endpoint {addr} finished',
    ],
  },
  'container runtime': {
    head: (_, t) => `${iso(t).replace('Z', '123456Z')} stdout F `,
    statements: [
      'pulling image {svc}:{f} took {dur}',
      'image {svc}:{f} already present',
      'shim {hex} exited with status {n}',
      'removed {n} dangling layers, {n} MB reclaimed',
      'health of {url} is {n}',
    ],
  },
};

/** Written by the same hand after the templates were made, and printed apart. */
const HELD_BACK: Readonly<Record<string, Format>> = {
  'klog with pairs': {
    head: (d, t) => `I06${pad(t.getUTCDate())} ${clock(t)}.${pad(d.whole(0, 999_999), 6)}       1 controller.go:${d.whole(100, 999)}] `,
    statements: [
      '"Reconciling object" kind="Deployment" object="shop/{svc}" generation={n}',
      '"Deleting orphan" kind="Deployment" object="shop/{svc}" generation={n}',
      '"Requeue after conflict" object="shop/{svc}" attempt={n} after="{dur}"',
      '"Unable to update status" err="Operation cannot be fulfilled" object="shop/{svc}"',
    ],
  },
  'proxy of a mesh': {
    head: (d, t) => `[${iso(t).slice(0, -1)}${pad(d.whole(0, 999), 3)}Z][${d.whole(1, 40)}][info][config] `,
    statements: [
      '[source/server/listener_manager.cc:{n}] lds: add/update listener {svc}',
      '[source/common/upstream/cluster_manager.cc:{n}] cm init: all clusters initialized in {dur}',
      '[source/extensions/xds/grpc_stream.h:{n}] StreamAggregatedResources gRPC config stream closed: {n}, upstream reset',
      '[source/server/drain.cc:{n}] shutting down parent after drain of {n} connections',
    ],
  },
  'message broker': {
    head: (d, t) => `[${iso(t).replace('T', ' ').slice(0, 19)},${pad(d.whole(0, 999), 3)}] INFO `,
    statements: [
      '[GroupCoordinator {n}]: Preparing to rebalance group {svc} with old generation {n} (kafka.coordinator.group.GroupCoordinator)',
      '[Log partition={svc}-{n}, dir={path}] Rolled new log segment at offset {n} in {n} ms. (kafka.log.Log)',
      '[Partition {svc}-{n} broker={n}] Shrinking ISR from {list} to {n} (kafka.cluster.Partition)',
      '[Controller id={n}] Processing automatic preferred replica leader election (kafka.controller.KafkaController)',
    ],
  },
  'web server, errors': {
    head: (d, t) =>
      `[Tue Jun ${pad(t.getUTCDate())} ${clock(t)}.${pad(d.whole(0, 999_999), 6)} 2025] [proxy:error] [pid ${d.whole(10, 999)}:tid ${d.whole(1e9, 1e10)}] [client ${ip(d)}:${d.whole(1024, 65_535)}] `,
    statements: [
      'AH00126: Invalid URI in request GET {path} HTTP/1.1',
      'AH00124: Request exceeded the limit of {n} internal redirects due to probable configuration error.',
      'AH01071: Got error PHP message: PHP Warning: Undefined variable in {path} on line {n}',
      'AH00957: http: attempt to connect to {addr} ({svc}) failed',
    ],
  },
  'syslog of RFC 5424': {
    head: (d, t) => `<${d.whole(1, 190)}>1 ${iso(t)} host${d.whole(1, 5)} agent ${d.whole(100, 9999)} ID${d.whole(1, 99)} - `,
    statements: [
      'session {n} opened for {user} from {ip}',
      'session {n} closed after {dur}',
      'certificate of {svc} renewed until {n}',
      'cannot bind to {addr}: address in use',
      'rotated {path}, {n} bytes',
    ],
  },
  'coloured console with Windows line ends': {
    head: () => `\u001b[32minfo\u001b[39m: `,
    tail: '\r',
    statements: [
      'worker \u001b[1m{n}\u001b[22m is ready',
      'worker {n} was lost, exit code {n}',
      'compiled {n} modules in {dur}',
      'GET {path} {n} {dur}',
      'connected to {svc} as {user}',
    ],
  },
  'JSON of Docker, the line inside': {
    head: (_, t) => `{"time":"${iso(t)}","stream":"stdout","log":"`,
    tail: '\\n"}',
    statements: ['order {n} taken by {user}', 'cannot reach {addr}', 'stock of {svc} is {n}', 'flushed {n} rows in {dur}'],
  },
  'service of Go, structured': {
    head: (d, t) => `time=${iso(t)} level=INFO source=app/main.go:${d.whole(10, 99)} `,
    statements: [
      'msg="payment captured" order={n} amount={f} currency=EUR trace="{hex}"',
      'msg="payment refused" order={n} reason="{svc}" trace="{hex}"',
      'msg="retry scheduled" order={n} in={dur}',
      'msg="webhook delivered" url="{url}" status={n} took={dur}',
    ],
  },
  'build tool, no times': {
    head: () => '',
    statements: [
      'Step {n}/{n} : RUN make {svc}',
      ' ---> {hex}',
      'Downloading {url} ({n} kB)',
      'warning: unused variable in {path}:{n}',
      'Finished release in {dur}',
      'Pushed image {svc}:{f}',
    ],
  },
};

export function logOf(format: string, seed: number, lines: number): readonly Line[] {
  const { head, tail = '', statements } = (FORMATS[format] ?? HELD_BACK[format])!;
  const dice = new Dice(seed);
  let at = Date.UTC(2025, 5, 3);
  return Array.from({ length: lines }, () => {
    at += dice.whole(1, 9000);
    // Few statements write most of the lines.
    const statement = statements[Math.min(dice.whole(0, statements.length - 1), dice.whole(0, statements.length))]!;
    const said = statement.replaceAll(/\{(\w+)\}/g, (_, key: string) => FILL[key]!(dice));
    const text = tail.endsWith('}') ? JSON.stringify(said).slice(1, -1) : said;
    return { statement, text: `${head(dice, new Date(at))}${text}${tail}` };
  });
}

export const LOG_FORMATS = Object.keys(FORMATS);
export const HELD_BACK_FORMATS = Object.keys(HELD_BACK);
