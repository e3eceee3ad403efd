import { Dice } from './dice.ts';
import type { Line } from './log-formats.ts';

/** Forms of logs as programs write them, by somebody who had not seen what mines them: each line with the statement it is of. */

type Statement = (d: Dice) => string | readonly string[];
interface Format {
  readonly name: string;
  /** Puts around what a statement says whatever the form has before and after it: the number of the statement tells its level and place. */
  readonly frame: (says: string, d: Dice, at: Date, statement: number) => string;
  readonly statements: readonly Statement[];
}

const HEX = '0123456789abcdef';
const hex = (d: Dice, length: number) => Array.from({ length }, () => HEX[d.whole(0, 15)]).join('');
const uuid = (d: Dice) => [8, 4, 4, 4, 12].map((n) => hex(d, n)).join('-');
const ip = (d: Dice) => `${d.one([10, 172, 192, 203])}.${d.whole(0, 255)}.${d.whole(0, 255)}.${d.whole(1, 254)}`;
const port = (d: Dice) => d.whole(1_025, 65_535);
const two = (n: number) => String(n).padStart(2, '0');
const clock = (t: Date) => t.toISOString().slice(11, 19);
const date = (t: Date) => t.toISOString().slice(0, 10);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = (t: Date) => MONTHS[t.getUTCMonth()] ?? '';
const USERS = ['amelia', 'bjorn', 'chidi', 'svc_report', 'dora.k', 'eve-2', 'root', 'ops', 'guest', 'fatima', 'lin', 'j.novak'];
const HOSTS = ['ledger', 'harbour', 'quay-3', 'tide', 'mail01', 'db-a', 'db-b', 'front', 'stock', 'search-7'];
const DATABASES = ['orders', 'billing', 'identity', 'reports_eu', 'stock'];
const TABLES = ['public.invoice', 'public.line_item', 'audit.entry', 'stock.movement', 'crm.contact', 'public.session'];
const PATHS = [
  '/',
  '/api/v2/orders',
  '/static/app.9f2c.js',
  '/login',
  '/wp-login.php',
  '/search',
  '/img/logo.svg',
  '/healthz',
  '/api/v2/items',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const TOPICS = ['orders', 'payments-retry', 'clicks', '__consumer_offsets', 'audit_log', 'stock.moved'];
const path = (d: Dice) => `${d.one(PATHS)}${d.chance(0.4) ? `/${d.whole(1, 9_999)}` : ''}${d.chance(0.3) ? `?page=${d.whole(1, 40)}` : ''}`;
const host = (d: Dice) => `${d.one(HOSTS)}.example.net`;
const ms = (d: Dice) => d.between(0.1, 4_000).toFixed(3);

const nginxError: Format = {
  name: 'nginx error',
  frame: (says, d, t, n) =>
    `${date(t).replaceAll('-', '/')} ${clock(t)} [${['error', 'error', 'warn', 'error', 'error', 'crit', 'notice', 'notice', 'error', 'warn', 'info', 'alert'][n] ?? 'error'}] ${d.whole(20, 60)}#${d.whole(20, 60)}: ${says}`,
  statements: (() => {
    const request = (d: Dice, upstream: boolean) =>
      `client: ${ip(d)}, server: ${d.one(HOSTS)}.example.net, request: "${d.one(METHODS)} ${path(d)} HTTP/1.1"${upstream ? `, upstream: "http://${ip(d)}:8080${path(d)}"` : ''}, host: "${host(d)}"${d.chance(0.3) ? `, referrer: "https://${host(d)}${path(d)}"` : ''}`;
    return [
      (d) => `*${d.whole(1, 99_999)} connect() failed (111: Connection refused) while connecting to upstream, ${request(d, true)}`,
      (d) =>
        `*${d.whole(1, 99_999)} upstream timed out (110: Operation timed out) while reading response header from upstream, ${request(d, true)}`,
      (d) =>
        `*${d.whole(1, 99_999)} a client request body is buffered to a temporary file /var/cache/nginx/client_temp/${d.whole(10, 99)}${d.whole(10_000, 99_999)}, ${request(d, false)}`,
      (d) => `*${d.whole(1, 99_999)} open() "/usr/share/nginx/html${path(d)}" failed (2: No such file or directory), ${request(d, false)}`,
      (d) => `*${d.whole(1, 99_999)} client intended to send too large body: ${d.whole(1_048_577, 99_999_999)} bytes, ${request(d, false)}`,
      (d) =>
        `*${d.whole(1, 99_999)} SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: ${ip(d)}, server: 0.0.0.0:443`,
      (d) => `signal ${d.one(['1 (SIGHUP)', '3 (SIGQUIT)', '17 (SIGCHLD)'])} received from ${d.whole(1, 400)}, reconfiguring`,
      (d) => `worker process ${d.whole(20, 400)} exited with code ${d.whole(0, 2)}`,
      (d) => `*${d.whole(1, 99_999)} no live upstreams while connecting to upstream, ${request(d, true)}`,
      (d) => `*${d.whole(1, 99_999)} limiting requests, excess: ${d.between(5, 50).toFixed(3)} by zone "perip", ${request(d, false)}`,
      (d) => `*${d.whole(1, 99_999)} client ${ip(d)} closed keepalive connection`,
      (d) => `${d.whole(512, 4_096)} worker_connections are not enough`,
    ];
  })(),
};

const postgres: Format = {
  name: 'PostgreSQL',
  frame: (says, d, t, n) =>
    `${date(t)} ${clock(t)}.${String(d.whole(0, 999)).padStart(3, '0')} UTC [${d.whole(20, 9_999)}] ${n > 5 && n < 12 ? `${d.one(USERS)}@${d.one(DATABASES)} ` : ''}${says}`,
  statements: [
    (d) => `LOG:  checkpoint starting: ${d.one(['time', 'wal', 'time', 'immediate force wait'])}`,
    (d) =>
      `LOG:  checkpoint complete: wrote ${d.whole(1, 9_000)} buffers (${d.between(0, 60).toFixed(1)}%); 0 WAL file(s) added, ${d.whole(0, 9)} removed, ${d.whole(0, 9)} recycled; write=${d.between(0, 270).toFixed(3)} s, sync=${d.between(0, 2).toFixed(3)} s, total=${d.between(0, 271).toFixed(3)} s; sync files=${d.whole(1, 90)}, longest=0.0${d.whole(10, 99)} s; lsn=${d.whole(0, 9)}/${hex(d, 8).toUpperCase()}`,
    (d) => `LOG:  automatic vacuum of table "${d.one(DATABASES)}.${d.one(TABLES)}": index scans: ${d.whole(0, 3)}`,
    (d) => `LOG:  automatic analyze of table "${d.one(DATABASES)}.${d.one(TABLES)}"`,
    (d) => `LOG:  connection received: host=${ip(d)} port=${port(d)}`,
    (d) => `LOG:  recovery restart point at ${d.whole(0, 9)}/${hex(d, 8).toUpperCase()}`,
    (d) =>
      `LOG:  connection authorized: user=${d.one(USERS)} database=${d.one(DATABASES)}${d.chance(0.5) ? ` application_name=${d.one(['psql', 'pgbouncer', 'rails'])}` : ''}`,
    (d) =>
      `LOG:  disconnection: session time: 0:${two(d.whole(0, 59))}:${two(d.whole(0, 59))}.${d.whole(100, 999)} user=${d.one(USERS)} database=${d.one(DATABASES)} host=${ip(d)} port=${port(d)}`,
    (d) => `ERROR:  duplicate key value violates unique constraint "${d.one(['invoice_pkey', 'contact_email_key', 'session_token_idx'])}"`,
    () => `ERROR:  deadlock detected`,
    (d) => `FATAL:  password authentication failed for user "${d.one(USERS)}"`,
    (d) => `ERROR:  canceling statement due to ${d.one(['statement timeout', 'user request'])}`,
    () => `FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute`,
    (d) =>
      `LOG:  process ${d.whole(100, 9_999)} still waiting for ${d.one(['ShareLock', 'ExclusiveLock'])} on transaction ${d.whole(100_000, 999_999)} after ${ms(d)} ms`,
  ],
};

const envoy: Format = {
  name: 'Envoy',
  frame: (says, d, t, n) =>
    `[${date(t)} ${clock(t)}.${d.whole(100, 999)}][${d.whole(1, 40)}][${n % 3 === 0 ? 'warning' : n % 3 === 1 ? 'info' : 'debug'}][${['upstream', 'main', 'config', 'conn_handler', 'router', 'http', 'connection', 'pool'][n % 8] ?? ''}] [source/common/${['upstream/cds_api_helper', 'server/server', 'config/grpc_stream', 'listener/active_stream_listener', 'router/router', 'http/conn_manager', 'network/connection_impl', 'conn_pool/conn_pool_base'][n % 8] ?? ''}.cc:${100 + n * 7}] ${says}`,
  statements: [
    (d) => `cds: add ${d.whole(1, 90)} cluster(s), remove ${d.whole(0, 9)} cluster(s)`,
    (d) => `shutting down admin due to termination of worker ${d.whole(0, 7)}`,
    (d) =>
      `DeltaAggregatedResources gRPC config stream to xds-grpc closed: ${d.whole(1, 16)}, ${d.one(['connection timeout', 'upstream reset', 'no healthy upstream'])}`,
    (d) => `[C${d.whole(1, 99_999)}] new connection from ${ip(d)}:${port(d)}`,
    (d) =>
      `[C${d.whole(1, 99_999)}][S${d.whole(1e9, 9e9)}] cluster '${d.one(['outbound|80||orders.shop.svc', 'outbound|9090||stock.shop.svc', 'inbound|8080||'])}' match for URL '${path(d)}'`,
    (d) => `[C${d.whole(1, 99_999)}][S${d.whole(1e9, 9e9)}] request end stream timed out after ${d.whole(1, 60)}s`,
    (d) =>
      `[C${d.whole(1, 99_999)}] remote address:${ip(d)}:${port(d)},TLS error: ${d.one(['268435581', '268436501', '33554536'])}:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED`,
    (d) => `[C${d.whole(1, 99_999)}] creating stream, ${d.whole(0, 100)} pending`,
    (d) => `host ${ip(d)}:${port(d)} in cluster ${d.one(['orders', 'stock', 'identity'])} ejected, consecutive_5xx=${d.whole(5, 20)}`,
    () => `all dependencies initialized. starting workers`,
    (d) =>
      `gRPC config for type.googleapis.com/envoy.config.${d.one(['cluster.v3.Cluster', 'listener.v3.Listener', 'route.v3.RouteConfiguration'])} accepted with version ${hex(d, 8)}`,
    (d) => `listener '${ip(d)}_${port(d)}' warmed, draining ${d.whole(0, 40)} connections`,
  ],
};

const CLASSES = ['OrderService', 'PaymentGateway', 'StockRepository', 'TokenFilter', 'MailSender'];
const trace = (d: Dice, exception: string, root?: string): string[] => [
  exception,
  ...Array.from(
    { length: d.whole(2, 9) },
    () =>
      `\tat net.example.shop.${d.one(CLASSES)}.${d.one(['run', 'call', 'apply', 'lambda$go$0'])}(${d.one(CLASSES)}.java:${d.whole(10, 400)})`,
  ),
  ...(root === undefined
    ? []
    : [
        `Caused by: ${root}`,
        `\tat net.example.shop.${d.one(CLASSES)}.get(${d.one(CLASSES)}.java:${d.whole(10, 400)})`,
        `\t... ${d.whole(3, 40)} common frames omitted`,
      ]),
];
const LOGBACK = ['INFO ', 'INFO ', 'WARN ', 'ERROR', 'ERROR', 'DEBUG', 'INFO ', 'WARN ', 'ERROR', 'INFO ', 'INFO ', 'ERROR'];
const logback: Format = {
  name: 'Logback with traces',
  frame: (says, d, t, n) =>
    `${clock(t)}.${d.whole(100, 999)} [${d.one(['main', `http-nio-8080-exec-${d.whole(1, 30)}`, `scheduling-${d.whole(1, 4)}`, `pool-${d.whole(1, 3)}-thread-${d.whole(1, 12)}`])}] ${LOGBACK[n] ?? 'INFO '} n.e.shop.${CLASSES[n % 5] ?? ''} - ${says}`,
  statements: [
    (d) => `Order ${uuid(d)} accepted for customer ${d.whole(1, 99_999)} with ${d.whole(1, 20)} items`,
    (d) =>
      `Charged ${d.between(1, 900).toFixed(2)} ${d.one(['EUR', 'USD', 'CHF'])} through ${d.one(['adyen', 'stripe', 'wallet'])} in ${d.whole(20, 900)} ms`,
    (d) => `Stock of SKU-${d.whole(1_000, 9_999)} is low: ${d.whole(0, 5)} left`,
    (d) => [
      `Could not charge order ${uuid(d)}`,
      ...trace(d, 'net.example.shop.ChargeException: gateway answered 502', 'java.net.SocketTimeoutException: Read timed out'),
    ],
    (d) => [
      `Unhandled exception for ${d.one(METHODS)} ${path(d)}`,
      ...trace(d, `java.lang.NullPointerException: Cannot invoke "String.length()" because "name" is null`),
    ],
    (d) => `Cache ${d.one(['prices', 'sessions', 'taxes'])} hit ratio ${d.between(0, 1).toFixed(4)}, ${d.whole(0, 90_000)} entries`,
    (d) => `Token of user ${d.one(USERS)} refreshed, expires at ${date(new Date(1.77e12 + d.whole(0, 9e8)))}T${two(d.whole(0, 23))}:00:00Z`,
    (d) => `Retry ${d.whole(1, 5)} of 5 for ${host(d)}:${port(d)}: ${d.one(['Connection reset', 'Connection refused', 'timeout'])}`,
    (d) => [`Batch ${d.whole(1, 900)} rolled back`, ...trace(d, 'org.postgresql.util.PSQLException: ERROR: deadlock detected')],
    (d) => `Mail to ${d.one(USERS)}@${host(d)} queued as ${hex(d, 10).toUpperCase()}`,
    (d) => `Scheduled job ${d.one(['nightlyReport', 'reindex', 'expireCarts'])} finished in PT${d.between(0.2, 90).toFixed(3)}S`,
    (d) => [`Consumer of ${d.one(TOPICS)} stopped`, ...trace(d, 'org.apache.kafka.common.errors.WakeupException: null')],
  ],
};

const PY = ['INFO', 'INFO', 'WARNING', 'ERROR', 'DEBUG', 'INFO', 'ERROR', 'WARNING', 'INFO', 'CRITICAL', 'INFO', 'DEBUG'];
const python: Format = {
  name: 'Python logging',
  frame: (says, d, t, n) =>
    `${date(t)} ${clock(t)},${d.whole(100, 999)} ${PY[n] ?? 'INFO'} ${['worker.tasks', 'api.views', 'urllib3.connectionpool', 'api.db', 'worker.beat'][n % 5] ?? ''}:${40 + n * 13} ${says}`,
  statements: [
    (d) => `Task worker.tasks.${d.one(['resize', 'send_mail', 'export_csv'])}[${uuid(d)}] succeeded in ${d.between(0, 40)}s: None`,
    (d) =>
      `${d.one(METHODS)} ${path(d)} -> ${d.one([200, 201, 204, 404, 500])} (${d.whole(1, 900)} ms, user=${d.chance(0.3) ? 'None' : d.one(USERS)})`,
    (d) =>
      `Retrying (Retry(total=${d.whole(0, 4)}, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x${hex(d, 12)}>: Failed to establish a new connection: [Errno 111] Connection refused')': ${path(d)}`,
    (d) => [
      `Task failed for account ${d.whole(1, 9_999)}`,
      'Traceback (most recent call last):',
      ...Array.from({ length: d.whole(1, 4) }, () => [
        `  File "/srv/app/${d.one(['tasks', 'views', 'models'])}.py", line ${d.whole(5, 400)}, in ${d.one(['run', 'save', 'get_queryset'])}`,
        '    return self.inner(*args, **kwargs)',
      ]).flat(),
      `KeyError: '${d.one(['email', 'plan', 'tz'])}'`,
    ],
    (d) => `acquired lock ${d.one(['beat', 'report', 'sync'])}:${d.whole(1, 400)} for ${d.whole(5, 60)} seconds`,
    (d) =>
      `loaded ${d.whole(1, 9_000)} rows from s3://${d.one(['raw-eu', 'raw-us'])}/${date(new Date(1.7e12 + d.whole(0, 9e10)))}/part-${two(d.whole(0, 99))}.parquet`,
    (d) =>
      `could not parse line ${d.whole(1, 90_000)} of ${d.one(HOSTS)}.csv: ${d.one(['expected 7 fields, saw 8', 'invalid literal', 'unexpected end'])}`,
    (d) =>
      `slow query (${d.between(1, 30).toFixed(2)}s): SELECT ${d.one(['id', 'id, name', '*', 'count(id)'])} FROM ${d.one(TABLES)} WHERE id = ${d.whole(1, 9_999)}`,
    (d) => `heartbeat from ${d.one(HOSTS)}@${ip(d)} queue=${d.one(['default', 'mail', 'low'])} pending=${d.whole(0, 900)}`,
    (d) => `worker ${d.whole(1, 60)} ran out of memory at ${d.whole(400, 4_000)} MiB, restarting`,
    (d) => `config reloaded: {'debug': False, 'workers': ${d.whole(1, 16)}, 'region': '${d.one(['eu', 'us', 'ap'])}'}`,
    (d) => `cache miss for key user:${d.whole(1, 99_999)}:${d.one(['profile', 'cart', 'flags'])}`,
  ],
};

const KLOG = 'IIWEIEWIIEII';
const FILES = ['controller.go', 'reflector.go', 'leaderelection.go', 'scheduler.go', 'kubelet.go', 'proxier.go'];
const klog: Format = {
  name: 'Go klog',
  frame: (says, d, t, n) =>
    `${KLOG[n] ?? 'I'}${two(t.getUTCMonth() + 1)}${two(t.getUTCDate())} ${clock(t)}.${String(d.whole(0, 999_999)).padStart(6, '0')} ${String(d.whole(1, 2)).padStart(7)} ${FILES[n % 6] ?? ''}:${90 + n * 31}] ${says}`,
  statements: (() => {
    const pod = (d: Dice) => `${d.one(['shop', 'kube-system', 'ops'])}/${d.one(HOSTS)}-${hex(d, 9)}-${hex(d, 5)}`;
    return [
      (d) =>
        `"Syncing deployment" deployment="${d.one(['shop', 'ops'])}/${d.one(HOSTS)}" startTime="${new Date(1.7e12 + d.whole(0, 9e9)).toISOString()}"`,
      (d) => `Watch close - *v1.${d.one(['Pod', 'ConfigMap', 'Node', 'Secret'])} total ${d.whole(0, 90)} items received`,
      (d) =>
        `"Failed to update lease" err="Put \\"https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${d.one(HOSTS)}\\": context deadline exceeded"`,
      (d) =>
        `"Error scheduling pod; retrying" err="0/${d.whole(3, 90)} nodes are available: ${d.whole(1, 90)} Insufficient ${d.one(['cpu', 'memory'])}." pod="${pod(d)}"`,
      (d) =>
        `"SyncLoop (PLEG): event for pod" pod="${pod(d)}" event={"ID":"${uuid(d)}","Type":"${d.one(['ContainerStarted', 'ContainerDied'])}","Data":"${hex(d, 64)}"}`,
      (d) => `"Failed to execute iptables-restore" err="exit status ${d.whole(1, 4)}" ruleCount=${d.whole(10, 9_000)}`,
      (d) =>
        `"Event occurred" object="${pod(d)}" kind="Pod" apiVersion="v1" type="Warning" reason="${d.one(['BackOff', 'Unhealthy', 'FailedMount'])}" message="${d.one(['Back-off restarting failed container', 'Readiness probe failed', 'MountVolume.SetUp failed for volume'])}"`,
      (d) => `successfully acquired lease kube-system/${d.one(HOSTS)}`,
      (d) =>
        `Trace[${d.whole(1e8, 2e9)}]: "List" url:/api/v1/${d.one(['pods', 'secrets', 'nodes'])},user-agent:${d.one(['kubectl', 'argocd', 'prometheus'])} (${d.whole(500, 9_000)}ms)`,
      (d) =>
        `"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"${d.one(['app', 'proxy', 'init'])}\\" with CrashLoopBackOff: \\"back-off ${d.one(['10s', '40s', '2m40s', '5m0s'])} restarting failed container\\"" pod="${pod(d)}" podUID="${uuid(d)}"`,
      (d) => `"Finished syncing" key="${d.one(['shop', 'ops'])}/${d.one(HOSTS)}" duration="${d.between(1, 900).toFixed(6)}ms"`,
      (d) => `Starting ${d.one(['endpoint', 'namespace', 'job', 'ttl'])} controller`,
    ];
  })(),
};

const zap: Format = {
  name: 'zap JSON',
  frame: (says, d, t, n) => {
    const [msg = '', fields = '{}'] = says.split('\u0000');
    const own: Record<string, unknown> = {
      level: ['info', 'info', 'warn', 'error', 'info', 'debug', 'error', 'info', 'warn', 'info'][n] ?? 'info',
      ts: t.getTime() / 1000,
      caller: `${['http/server', 'store/pg', 'queue/consumer'][n % 3] ?? ''}.go:${30 + n * 11}`,
      msg,
    };
    return JSON.stringify({
      ...own,
      ...(JSON.parse(fields) as object),
      ...(n === 3 || n === 6 ? { stacktrace: `main.run\n\t/src/main.go:${d.whole(10, 90)}` } : {}),
    });
  },
  statements: (() => {
    const with_ = (msg: string, fields: object) => `${msg}\u0000${JSON.stringify(fields)}`;
    return [
      (d) =>
        with_('request served', {
          method: d.one(METHODS),
          path: path(d),
          status: d.one([200, 201, 404, 500]),
          latency: d.between(0, 2),
          ...(d.chance(0.5) ? { user: d.one(USERS) } : {}),
        }),
      (d) => with_('connected', { addr: `${ip(d)}:5432`, attempt: d.whole(1, 4) }),
      (d) =>
        with_(`slow query took ${d.whole(200, 9_000)}ms`, {
          sql: `SELECT ${d.one(['a', 'a, b', 'count(*)'])} FROM ${d.one(TABLES)}`,
          rows: d.whole(0, 900),
        }),
      (d) =>
        with_('message rejected', {
          topic: d.one(TOPICS),
          offset: d.whole(1, 9e6),
          error: d.one(['schema mismatch', 'unexpected EOF', `unknown field "${d.one(['a', 'b'])}"`]),
        }),
      (d) => with_('session opened', { session: uuid(d), user: d.one(USERS), tags: d.one([[], ['beta'], ['beta', 'eu']]) }),
      (d) => with_('cache evicted', { keys: d.whole(1, 900), reason: d.one(['ttl', 'size']) }),
      (d) => with_(`dial tcp ${ip(d)}:${port(d)}: i/o timeout`, { attempt: d.whole(1, 9), backoff: `${d.whole(1, 60)}s` }),
      (d) => with_('config reloaded', { file: `/etc/app/${d.one(['a', 'b'])}.yaml`, version: hex(d, 7) }),
      (d) => with_(`rate limit near for tenant ${d.one(HOSTS)}`, { used: d.whole(900, 999), limit: 1_000 }),
      (d) => with_('shutdown complete', { uptime: `${d.whole(1, 90)}h${d.whole(0, 59)}m` }),
    ];
  })(),
};

const NET = ['info', 'info', 'warn', 'fail', 'info', 'info', 'fail', 'warn', 'info', 'crit', 'info'];
const dotnet: Format = {
  name: '.NET console',
  frame: (says, _d, _t, n) =>
    `${NET[n] ?? 'info'}: ${['Microsoft.AspNetCore.Hosting.Diagnostics', 'Microsoft.EntityFrameworkCore.Database.Command', 'Shop.Pricing.PriceCache', 'Microsoft.AspNetCore.Server.Kestrel'][n % 4] ?? ''}[${n + 1}]\n      ${says.replaceAll('\n', '\n      ')}`,
  statements: [
    (d) =>
      `Request starting HTTP/${d.one(['1.1', '2'])} ${d.one(METHODS)} http://${host(d)}${path(d)} - ${d.chance(0.5) ? '-' : `application/json ${d.whole(2, 9_000)}`}`,
    (d) => [
      `Executed DbCommand (${d.whole(1, 900)}ms) [Parameters=[@p0='?' (DbType = Int32)], CommandType='Text', CommandTimeout='30']`,
      `SELECT i."Id", i."Name"`,
      `FROM ${d.one(TABLES)} AS i`,
      ...(d.chance(0.5) ? [`WHERE i."Id" = @p0`] : []),
    ],
    (d) => `Price of ${d.whole(1_000, 9_999)} is ${d.whole(1, 40)} minutes old`,
    (d) => [
      `Connection id "0HN${hex(d, 8).toUpperCase()}", Request id "0HN${hex(d, 8).toUpperCase()}:${two(d.whole(0, 99))}": An unhandled exception was thrown by the application.`,
      `System.InvalidOperationException: Sequence contains no elements`,
      ...Array.from(
        { length: d.whole(1, 6) },
        () => `   at Shop.${d.one(CLASSES)}.Get(Int32 id) in /src/${d.one(CLASSES)}.cs:line ${d.whole(5, 300)}`,
      ),
    ],
    (d) =>
      `Request finished HTTP/${d.one(['1.1', '2'])} ${d.one(METHODS)} http://${host(d)}${path(d)} - ${d.one([200, 404, 500])} ${d.chance(0.5) ? '-' : d.whole(2, 9_000)} ${d.one(['application/json', 'text/html', '-'])} ${ms(d)}ms`,
    (d) => `Executing ${d.one(['endpoint', 'endpoint'])} '${d.one(METHODS)} ${d.one(PATHS)}'`,
    (d) => [
      `Refresh of ${d.one(['prices', 'taxes'])} failed after ${d.whole(1, 9)} tries`,
      `System.Net.Http.HttpRequestException: Connection refused (${host(d)}:${port(d)})`,
      ` ---> System.Net.Sockets.SocketException (111): Connection refused`,
      `   at System.Net.Http.HttpClient.SendAsync(HttpRequestMessage request)`,
    ],
    (d) => `Heartbeat took longer than "00:00:01" at "${new Date(1.77e12 + d.whole(0, 9e8)).toISOString()}".`,
    (d) =>
      `Application started. Hosting environment: ${d.one(['Production', 'Staging'])}; Content root path: /app${d.chance(0.3) ? '/v2' : ''}`,
    (d) => `Unable to bind to http://0.0.0.0:${port(d)} on the ${d.one(['IPv4', 'IPv6'])} loopback interface: 'Address already in use'.`,
    (d) => `Loaded ${d.whole(1, 9_000)} prices for ${d.one(['EUR', 'CHF', 'USD'])} from ${host(d)}`,
  ],
};

const syslog: Format = {
  name: 'syslog',
  frame: (says, d, t, n) => {
    const program =
      [
        'sshd',
        'sshd',
        'sshd',
        'systemd',
        'systemd',
        'kernel',
        'CRON',
        'sudo',
        'postfix/smtpd',
        'dhclient',
        'kernel',
        'ntpd',
        'sshd',
        'postfix/qmgr',
      ][n] ?? 'app';
    const pid = program === 'kernel' || program === 'sudo' ? '' : `[${d.whole(1, 32_000)}]`;
    return `${month(t)} ${String(t.getUTCDate()).padStart(2)} ${clock(t)} ${d.one(HOSTS)} ${program}${pid}: ${says}`;
  },
  statements: [
    (d) => `Accepted publickey for ${d.one(USERS)} from ${ip(d)} port ${port(d)} ssh2: ED25519 SHA256:${hex(d, 43)}`,
    (d) => `Failed password for ${d.one(USERS)} from ${ip(d)} port ${port(d)} ssh2`,
    (d) => `Failed password for invalid user ${d.one(['admin', 'test', 'oracle', 'pi'])} from ${ip(d)} port ${port(d)} ssh2`,
    (d) => `Started ${d.one(['Session', 'Session'])} ${d.whole(1, 9_999)} of User ${d.one(USERS)}.`,
    (d) => `${d.one(['logrotate', 'apt-daily', 'fstrim', 'man-db'])}.service: Deactivated successfully.`,
    (d) =>
      `[${d.between(1, 900_000).toFixed(6)}] Out of memory: Killed process ${d.whole(100, 32_000)} (${d.one(['java', 'node', 'python3', 'chrome'])}) total-vm:${d.whole(1e5, 9e6)}kB, anon-rss:${d.whole(1e4, 9e5)}kB, file-rss:0kB`,
    (d) =>
      `(${d.one(USERS)}) CMD (${d.one(['/usr/bin/backup --all', 'cd / && run-parts --report /etc/cron.hourly', '/opt/sync.sh', 'test -x /usr/sbin/anacron'])})`,
    (d) =>
      `${d.one(USERS).padStart(8)} : TTY=pts/${d.whole(0, 9)} ; PWD=/home/${d.one(USERS)} ; USER=root ; COMMAND=/usr/bin/${d.one(['apt update', 'systemctl restart nginx', 'less /var/log/syslog', 'id'])}`,
    (d) => `connect from ${d.chance(0.3) ? 'unknown' : host(d)}[${ip(d)}]`,
    (d) => `DHCPACK of ${ip(d)} from ${ip(d)}`,
    (d) => `[${d.between(1, 900_000).toFixed(6)}] eth${d.whole(0, 3)}: renamed from veth${hex(d, 7)}`,
    (d) => `adjusting local clock by ${d.between(-2, 2).toFixed(6)}s`,
    (d) => `Disconnected from user ${d.one(USERS)} ${ip(d)} port ${port(d)}`,
    (d) =>
      `${hex(d, 10).toUpperCase()}: from=<${d.one(USERS)}@${host(d)}>, size=${d.whole(300, 90_000)}, nrcpt=${d.whole(1, 9)} (queue active)`,
  ],
};

const mongo: Format = {
  name: 'MongoDB JSON',
  frame: (says, d, t, n) => {
    const [msg = '', attr = '{}'] = says.split('\u0000');
    return JSON.stringify({
      t: { $date: t.toISOString().replace('Z', '+00:00') },
      s: n === 4 ? 'W' : n === 7 ? 'E' : 'I',
      c: ['NETWORK', 'NETWORK', 'ACCESS', 'COMMAND', 'STORAGE', 'REPL', 'INDEX', 'NETWORK', 'WTCHKPT', 'SHARDING'][n] ?? '-',
      id: 20_000 + n * 313,
      ctx: d.chance(0.7) ? `conn${d.whole(1, 9_999)}` : d.one(['listener', 'Checkpointer', 'ReplCoord-3']),
      msg,
      attr: JSON.parse(attr) as unknown,
    });
  },
  statements: (() => {
    const with_ = (msg: string, attr: object) => `${msg}\u0000${JSON.stringify(attr)}`;
    const remote = (d: Dice) => `${ip(d)}:${port(d)}`;
    return [
      (d) =>
        with_('Connection accepted', {
          remote: remote(d),
          uuid: { uuid: { $uuid: uuid(d) } },
          connectionId: d.whole(1, 9_999),
          connectionCount: d.whole(1, 900),
        }),
      (d) =>
        with_('Connection ended', {
          remote: remote(d),
          uuid: { uuid: { $uuid: uuid(d) } },
          connectionId: d.whole(1, 9_999),
          connectionCount: d.whole(1, 900),
        }),
      (d) =>
        with_('Successfully authenticated', {
          client: remote(d),
          isSpeculative: d.chance(0.5),
          mechanism: 'SCRAM-SHA-256',
          user: d.one(USERS),
          db: 'admin',
        }),
      (d) =>
        with_('Slow query', {
          type: 'command',
          ns: `${d.one(DATABASES)}.${d.one(['items', 'carts', 'users'])}`,
          command: d.chance(0.5)
            ? { find: 'items', filter: { _id: d.whole(1, 999) }, limit: d.whole(1, 50) }
            : { aggregate: 'carts', pipeline: [{ $match: { a: d.whole(1, 9) } }] },
          planSummary: d.one(['COLLSCAN', 'IXSCAN { _id: 1 }']),
          docsExamined: d.whole(1, 90_000),
          durationMillis: d.whole(100, 9_000),
        }),
      (d) => with_('Operation timed out waiting for disk', { waitedMillis: d.whole(100, 9_000) }),
      (d) => with_('Member is in new state', { hostAndPort: `${host(d)}:27017`, newState: d.one(['SECONDARY', 'PRIMARY', 'RECOVERING']) }),
      (d) =>
        with_('Index build: done building', {
          buildUUID: { uuid: { $uuid: uuid(d) } },
          namespace: `${d.one(DATABASES)}.items`,
          index: d.one(['_id_', 'name_1']),
        }),
      (d) =>
        with_('Error receiving request from client', {
          error: {
            code: d.whole(6, 9_001),
            codeName: d.one(['HostUnreachable', 'SocketException']),
            errmsg: d.one(['Connection reset by peer', 'Broken pipe']),
          },
          remote: remote(d),
        }),
      (d) =>
        with_('WiredTiger message', {
          message: {
            ts_sec: d.whole(1.7e9, 1.8e9),
            thread: `1:0x${hex(d, 12)}`,
            msg: `saving checkpoint snapshot min: ${d.whole(1, 9e5)}, snapshot max: ${d.whole(1, 9e5)} snapshot count: 0`,
          },
        }),
      (d) =>
        with_('Refreshed cached collection', {
          namespace: `${d.one(DATABASES)}.carts`,
          durationMillis: d.whole(1, 90),
          ...(d.chance(0.5) ? { lookupSinceVersion: `${d.whole(1, 9)}|${d.whole(0, 9)}` } : {}),
        }),
    ];
  })(),
};

const kafka: Format = {
  name: 'Kafka broker',
  frame: (says, d, t, n) =>
    `[${date(t)} ${clock(t)},${d.whole(100, 999)}] ${n === 4 || n === 9 ? 'WARN' : n === 7 ? 'ERROR' : 'INFO'} ${says} (${['kafka.log.UnifiedLog', 'kafka.coordinator.group.GroupCoordinator', 'kafka.server.ReplicaFetcherManager', 'kafka.cluster.Partition'][n % 4] ?? ''})`,
  statements: (() => {
    const partition = (d: Dice) => `${d.one(TOPICS)}-${d.whole(0, 47)}`;
    return [
      (d) =>
        `[UnifiedLog partition=${partition(d)}, dir=/var/lib/kafka/data-${d.whole(0, 3)}] Rolled new log segment at offset ${d.whole(1, 9e7)} in ${d.whole(0, 40)} ms.`,
      (d) =>
        `[GroupCoordinator ${d.whole(0, 5)}]: Preparing to rebalance group ${d.one(HOSTS)} in state PreparingRebalance with old generation ${d.whole(1, 900)} (__consumer_offsets-${d.whole(0, 49)}) (reason: Adding new member consumer-${d.whole(1, 9)}-${uuid(d)} with group instance id None)`,
      (d) =>
        `[ReplicaFetcherManager on broker ${d.whole(0, 5)}] Removed fetcher for partitions Set(${Array.from({ length: d.whole(1, 6) }, () => partition(d)).join(', ')})`,
      (d) =>
        `[Partition ${partition(d)} broker=${d.whole(0, 5)}] Shrinking ISR from ${Array.from({ length: d.whole(2, 3) }, (_, i) => i).join(',')} to ${d.whole(0, 5)}. Leader: (highWatermark: ${d.whole(1, 9e6)}, endOffset: ${d.whole(1, 9e6)}).`,
      (d) =>
        `[RaftManager id=${d.whole(0, 5)}] Connection to node ${d.whole(0, 5)} (${host(d)}/${ip(d)}:9093) could not be established. Node may not be available.`,
      (d) =>
        `[GroupCoordinator ${d.whole(0, 5)}]: Stabilized group ${d.one(HOSTS)} generation ${d.whole(1, 900)} (__consumer_offsets-${d.whole(0, 49)}) with ${d.whole(1, 40)} members`,
      (d) =>
        `[LocalLog partition=${partition(d)}, dir=/var/lib/kafka/data-${d.whole(0, 3)}] Deleting segment files ${Array.from({ length: d.whole(1, 4) }, () => `LogSegment(baseOffset=${d.whole(1, 9e6)}, size=${d.whole(1, 9e8)}, lastModifiedTime=${d.whole(1e12, 2e12)}, largestRecordTimestamp=Some(${d.whole(1e12, 2e12)}))`).join(',')}`,
      (d) =>
        `[KafkaApi-${d.whole(0, 5)}] Unexpected error handling request RequestHeader(apiKey=${d.one(['PRODUCE', 'FETCH', 'METADATA'])}, apiVersion=${d.whole(1, 15)}, clientId=${d.one(HOSTS)}, correlationId=${d.whole(1, 9e4)})`,
      (d) =>
        `[Admin Manager on Broker ${d.whole(0, 5)}]: Updating topic ${d.one(TOPICS)} with new configuration : ${Array.from({ length: d.whole(1, 3) }, () => d.one(['retention.ms -> 604800000', 'cleanup.policy -> compact', 'segment.bytes -> 1073741824'])).join(',')}`,
      (d) =>
        `[Producer clientId=${d.one(HOSTS)}-${d.whole(1, 9)}] Got error produce response with correlation id ${d.whole(1, 9e4)} on topic-partition ${partition(d)}, retrying (${d.whole(0, 9)} attempts left). Error: ${d.one(['NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT'])}`,
      (d) => `Loading producer state till offset ${d.whole(1, 9e6)} with message format version ${d.whole(1, 2)}`,
      (d) =>
        `[SnapshotEmitter id=${d.whole(0, 5)}] Successfully wrote snapshot ${String(d.whole(1, 9e6)).padStart(20, '0')}-${String(d.whole(1, 99)).padStart(10, '0')}`,
    ];
  })(),
};

const rails: Format = {
  name: 'Rails',
  frame: (says, d, t, n) =>
    `${n === 6 ? 'E' : n === 7 ? 'W' : 'I'}, [${date(t)}T${clock(t)}.${String(d.whole(0, 999_999)).padStart(6, '0')} #${d.whole(1, 400)}]  ${n === 6 ? 'ERROR' : n === 7 ? ' WARN' : ' INFO'} -- : [${uuid(d)}] ${says}`,
  statements: [
    (d) =>
      `Started ${d.one(METHODS)} "${path(d)}" for ${ip(d)} at ${new Date(1.77e12 + d.whole(0, 9e8)).toISOString().slice(0, 19).replace('T', ' ')} +0000`,
    (d) =>
      `Processing by ${d.one(['OrdersController#index', 'OrdersController#show', 'SessionsController#create', 'Admin::UsersController#update'])} as ${d.one(['HTML', 'JSON', '*/*'])}`,
    (d) =>
      `  Parameters: {${Array.from({ length: d.whole(1, 4) }, () => `"${d.one(['id', 'page', 'q', 'utf8'])}"=>"${d.one(['1', 'shoes', '✓', '77', '[FILTERED]'])}"`).join(', ')}}`,
    (d) =>
      `Completed ${d.one(['200 OK', '302 Found', '404 Not Found', '500 Internal Server Error'])} in ${d.whole(1, 900)}ms (${d.chance(0.7) ? `Views: ${d.between(0, 300).toFixed(1)}ms | ` : ''}ActiveRecord: ${d.between(0, 300).toFixed(1)}ms | Allocations: ${d.whole(100, 99_999)})`,
    (d) => `Redirected to https://${host(d)}${path(d)}`,
    (d) =>
      `  Rendered ${d.one(['orders/index', 'orders/_row', 'layouts/_nav', 'sessions/new'])}.html.erb${d.chance(0.5) ? ' within layouts/application' : ''} (Duration: ${d.between(0, 90).toFixed(1)}ms | Allocations: ${d.whole(10, 9_999)})`,
    (d) => [`ActionController::RoutingError (No route matches [${d.one(METHODS)}] "${path(d)}"):`],
    (d) => `Filter chain halted as :${d.one(['require_login', 'verify_token', 'check_tenant'])} rendered or redirected`,
    (d) =>
      `[ActiveJob] Enqueued ${d.one(['MailJob', 'ReindexJob', 'ChargeJob'])} (Job ID: ${uuid(d)}) to Sidekiq(${d.one(['default', 'mailers'])}) with arguments: ${Array.from({ length: d.whole(1, 3) }, () => d.one(['1', '"welcome"', '#<GlobalID:0x01 gid://app/User/7>'])).join(', ')}`,
    (d) => `[ActiveJob] [${d.one(['MailJob', 'ReindexJob', 'ChargeJob'])}] [${uuid(d)}] Performed in ${d.between(1, 9_000).toFixed(2)}ms`,
  ],
};

export const WRITTEN_FORMATS: readonly Format[] = [
  nginxError,
  postgres,
  envoy,
  logback,
  python,
  klog,
  zap,
  dotnet,
  syslog,
  mongo,
  kafka,
  rails,
];

/** Some statements are written all the time, others now and then; what one says over many lines is many lines of it. */
export function writtenLog({ statements, frame }: Format, seed: number, least: number): Line[] {
  const d = new Dice(seed);
  const lines: Line[] = [];
  let time = Date.UTC(2026, 1, 3, 4, 5, 6);
  while (lines.length < least) {
    const n = Math.min(Math.floor(statements.length * d.next() ** 1.7), statements.length - 1);
    time += d.whole(1, 4_000);
    const says = statements[n]?.(d) ?? '';
    const text = frame(typeof says === 'string' ? says : says.join('\n'), d, new Date(time), n);
    for (const line of text.split('\n')) lines.push({ statement: String(n), text: line });
  }
  return lines;
}
