import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noSpace, notPermitted, portForbidden, portTaken, readOnly, unreachable, wrongFormat } from './log-causes.ts';

test.each([
  ['listen tcp :8080: bind: address already in use', 8080],
  ['Error: listen EADDRINUSE: address already in use :::3000', 3000],
  ['nginx: [emerg] bind() to 0.0.0.0:8081 failed (98: Address already in use)', 8081],
  ['OSError: [Errno 98] Address already in use', undefined],
  ['Web server failed to start. Port 9090 was already in use.', 9090],
  ['Failed to bind to address http://[::]:5000: address already in use.', 5000],
  [
    '/bundle/gems/puma-6.6.0/lib/puma/binder.rb:342:in `initialize\': Address already in use - bind(2) for "0.0.0.0" port 8080 (Errno::EADDRINUSE)',
    8080,
  ],
  ['File "/app/server.py:1204": OSError: [Errno 98] Address already in use', undefined],
])('a port that is taken: %s', (line, port) => {
  expect(portTaken(line)).toEqual({ port });
  expect(portForbidden(line)).toBeUndefined();
});

test.each([
  ['listen tcp :80: bind: permission denied', 80],
  ['nginx: [emerg] bind() to 0.0.0.0:443 failed (13: Permission denied)', 443],
  ['Error: listen EACCES: permission denied 0.0.0.0:81', 81],
])('a port that may not be opened: %s', (line, port) => {
  expect(portForbidden(line)).toEqual({ port });
  expect(notPermitted(line)).toBeUndefined();
});

test.each([
  ['dial tcp: lookup billing on 10.96.0.10:53: no such host', 'billing', undefined, 'not-found'],
  ['dial tcp: lookup atlas: i/o timeout', 'atlas', undefined, 'not-found'],
  ['lookup atlas on 10.96.0.10:53: read udp 10.0.0.1:4->10.96.0.10:53: i/o timeout', 'atlas', undefined, 'not-found'],
  ['Error: getaddrinfo ENOTFOUND cache.shop.svc.cluster.local', 'cache.shop.svc.cluster.local', undefined, 'not-found'],
  ['java.net.UnknownHostException: orders: Name or service not known', 'orders', undefined, 'not-found'],
  ['could not translate host name "postgres" to address: Name or service not known', 'postgres', undefined, 'not-found'],
  ['nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3', 'api', undefined, 'not-found'],
  ['failed to resolve ledger: no such host', 'ledger', undefined, 'not-found'],
  ["could not resolve 'ledger'", 'ledger', undefined, 'not-found'],
  ['error resolving db.shop.svc', 'db.shop.svc', undefined, 'not-found'],
  ['curl: (6) Could not resolve host: search', 'search', undefined, 'not-found'],
  ['fatal: cannot reach tickets:80: dial tcp 10.96.74.140:80: connect: connection refused', 'tickets', 80, 'refused'],
  ['Error: connect ECONNREFUSED 10.96.7.9:6379', '10.96.7.9', 6379, 'refused'],
  ['connection to server at "db" failed: http://db:5432 timed out', 'db', 5432, 'timeout'],
  ['waiting for redis:6379 ...', 'redis', 6379, 'other'],
  ['postgres:5432 - no response', 'postgres', 5432, 'other'],
  ['postgres.data:5432 - rejecting connections', 'postgres.data', 5432, 'other'],
  ["ConnectionRefusedError: [Errno 111] Connect call failed ('10.96.9.148', 5432)", '10.96.9.148', 5432, 'refused'],
  ["urllib3: HTTPConnectionPool('stock', 8080): connection timed out", 'stock', 8080, 'timeout'],
  ['connection to server at "pg.data" (10.96.2.215), port 5432 failed: Connection timed out', 'pg.data', 5432, 'timeout'],
  ['\tIs the server running on host "pg.data" (10.96.2.215) and accepting TCP/IP connections on port 5432?', 'pg.data', 5432, 'other'],
  ["(2003, \"Can't connect to MySQL server on 'ledger' (111)\")", 'ledger', undefined, 'other'],
  ['{"ts":"2026-11-29T23:40:12Z","error":"dial tcp 10.96.10.5:5432: connect: connection refused"}', '10.96.10.5', 5432, 'refused'],
  ['** (DBConnection.ConnectionError) tcp connect (ledger-db:5432): non-existing domain - :nxdomain', 'ledger-db', undefined, 'not-found'],
  ['System.Net.Http.HttpRequestException: Name or service not known (inventory:8080)', 'inventory', undefined, 'not-found'],
  ['php_network_getaddresses: getaddrinfo for cache failed: Name does not resolve', 'cache', undefined, 'not-found'],
  ['[2002] php_network_getaddresses: getaddrinfo for mysql failed: Name or service not known', 'mysql', undefined, 'not-found'],
  ['redis.exceptions.ConnectionError: Error -2 connecting to cache:6379. Name or service not known.', 'cache', undefined, 'not-found'],
  ['redis.exceptions.ConnectionError: Error 111 connecting to cache.data:6379. Connection refused.', 'cache.data', 6379, 'refused'],
  ["Unknown MySQL server host 'ledger' (-2)", 'ledger', undefined, 'not-found'],
  ["Couldn't resolve server events:9092 from bootstrap.servers as DNS resolution failed for events", 'events', undefined, 'not-found'],
  ["HTTPConnectionPool(host='stock', port=8080): Max retries exceeded: [Errno 111] Connection refused", 'stock', 8080, 'refused'],
  ['dial tcp [fd00:10:96::a]:5432: connect: connection refused', 'fd00:10:96::a', 5432, 'refused'],
  ['failed to connect to http://inventory.stock/health', 'inventory.stock', undefined, 'other'],
])('whom it cannot reach: %s', (line, host, port, how) => {
  expect(unreachable(line)).toEqual({ host, port, how });
});

test.each([
  'failed to lookup address information: Name or service not known',
  'dial tcp [::1]:5432: connect: connection refused',
  'listening on localhost:8080',
  'failed to try resolving symlinks in path "/var/log/pods/a/b/0.log": lstat /var/log/pods: no such file or directory',
  'failed to resolve conflicts: 3 left',
  'could not resolve dependency tree',
  'error at main.go:42: connection pool is empty',
  'GET /health 200',
  'connect ECONNREFUSED 127.0.0.1:5432',
  'started at 12:30:05, waiting for requests',
])('names nobody: %s', (line) => {
  expect(unreachable(line)).toBeUndefined();
});

test('files and volumes', () => {
  expect(readOnly("OSError: [Errno 30] Read-only file system: '/app/cache'")).toEqual({ path: '/app/cache' });
  expect(readOnly('open /tmp/x: read-only file system')).toEqual({ path: '/tmp/x' });
  expect(notPermitted('open /data/db.lock: permission denied')).toEqual({ path: '/data/db.lock', relative: false });
  expect(notPermitted("mkdir: cannot create directory '/var/lib/app': Permission denied")).toEqual({
    path: '/var/lib/app',
    relative: false,
  });
  for (const [line, path] of [
    ["# Can't open or create append-only dir appendonlydir: Permission denied", 'appendonlydir'],
    ["PermissionError: [Errno 13] Permission denied: 'state/cache.json'", 'state/cache.json'],
    ["Error: EACCES: permission denied, mkdir 'uploads'", 'uploads'],
    ['open data.db: permission denied', 'data.db'],
  ] as const)
    expect(notPermitted(line)).toEqual({ path, relative: true });
  expect(noSpace('write /spool/1: no space left on device')).toEqual({ path: '/spool/1' });
  expect(wrongFormat('exec /app/server: exec format error')).toBe(true);
  expect([readOnly('all well'), notPermitted('permission denied for user bob'), noSpace('plenty')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('no line makes them throw, or hang', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (line) => {
      for (const read of [portTaken, portForbidden, unreachable, readOnly, notPermitted, noSpace, wrongFormat]) read(line);
      return true;
    }),
  );
});
