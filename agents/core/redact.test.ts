import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskSecret, redact } from './redact.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';

test.each([
  ['a bearer token', 'Authorization: Bearer abc123DEF456', 'Authorization: Bearer [masked]'],
  ['a JWT', `got ${JWT} from the API`, 'got [masked] from the API'],
  ['a password in a URL', 'dial redis://app:hunter2@redis:6379/0 failed', 'dial redis://app:[masked]@redis:6379/0 failed'],
  ['a password with @ in a URL', 'postgres://u:p@ss@db:5432/x', 'postgres://u:[masked]@db:5432/x'],
  ['a pair', 'DB_PASSWORD=hunter2 DB_HOST=db', 'DB_PASSWORD=[masked] DB_HOST=db'],
  ['a short name', 'DB_PASS=hunter2', 'DB_PASS=[masked]'],
  ['a quoted value with spaces', 'password: "correct horse battery"', 'password: "[masked]"'],
  ['a pair in JSON', '{"user":"x","password":"hunter2","port":1}', '{"user":"x","password":"[masked]","port":1}'],
  ['a pair in JSON in JSON', String.raw`"{\"token\":\"hunter2\",\"a\":1}"`, String.raw`"{\"token\":\"[masked]\",\"a\":1}"`],
  ['a connection string', 'Server=db;Password=a,b!c;Database=x', 'Server=db;Password=[masked];Database=x'],
  ['a cookie', 'Cookie: sid=abcdef; theme=dark', 'Cookie: [masked]'],
  ['an AWS key', 'key AKIAABCDEFGHIJKLMNOP used', 'key [masked] used'],
  ['a GitHub token', 'clone https://ghp_abcdefghijklmnopqrstuv@github.com/x', 'clone https://[masked]@github.com/x'],
  ['a private key', 'a -----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- b', 'a [masked] b'],
  ['a private key cut off', 'a -----BEGIN PRIVATE KEY-----\nMHcC', 'a [masked]'],
  ['a line of a key alone', 'MIIEpAIBAAKCAQEA7bq3yN9C0m1Qx2Z8kL4pR6sT5vW', '[masked]'],
])('masks %s', (_name, text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  'secret "app-secret" not found',
  'secretName: app-tls',
  'token: not found',
  'imagePullSecrets: regcred is missing',
  'Basic authentication is off',
  'PWD=/app',
  'http://checkout.shop.svc:8080/pay@now',
  'bypass: enabled, passed: true',
  'image registry.example/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 is 10 MB',
  'dial tcp 10.96.0.10:53: connect: connection refused',
  'java.lang.IllegalStateException at com.example.checkout.internal.PaymentConfigurationLoader.load(PaymentConfigurationLoader.java:42)',
])('leaves verbatim: %s', (text) => {
  expect(redact(text)).toBe(text);
});

const fragment = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'password=',
    '"token":"',
    'Bearer ',
    'redis://u:',
    '@',
    'secret: ',
    '-----BEGIN PRIVATE KEY-----',
    JWT,
    '[masked]',
    '\n',
    ' ',
  ),
);

test('redacting twice is redacting once', () => {
  const odd = redact('redis://u:password=(/#&@');
  expect(redact(odd)).toBe(odd);
  fc.assert(
    fc.property(fc.array(fragment), (parts) => {
      const once = redact(parts.join(''));
      expect(redact(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

test('a password does not survive in any of the usual places', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!%*+._~$^-]{6,40}$/).filter((p) => !p.includes('masked'));
  const place = fc.constantFrom<(p: string) => string>(
    (p) => `PASSWORD=${p}`,
    (p) => `mysql --password=${p} -h db`,
    (p) => `{"apiKey": "${p}"}`,
    (p) => `redis://:${p}@cache:6379`,
    (p) => `client_secret: '${p}'`,
    (p) => `Password = ${p}; Timeout=5`,
  );
  fc.assert(
    fc.property(password, place, (p, write) => !redact(`start ${write(p)} end`).includes(p)),
    { numRuns: 2000 },
  );
});

test('a hostile line of 200 kB is redacted in well under a second', () => {
  for (const unit of ['token', 'a.', 'password', 'aB3', 'x://y:', '"', '-----BEGIN PRIVATE KEY-----']) {
    const begun = process.threadCpuUsage();
    redact(unit.repeat(200_000 / unit.length));
    const { user, system } = process.threadCpuUsage(begun);
    expect((user + system) / 1000, unit).toBeLessThan(1500);
  }
});

test('the values of a Secret are masked, and a changed one is seen as changed', () => {
  const names = new Map<string, string>();
  const name = (v: string) => names.get(v) ?? names.set(v, `value ${names.size + 1}`).get(v) ?? '';
  const secret = (value: string) => ({
    kind: 'Secret',
    metadata: {
      name: 'db',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"password":"${value}"}}`, team: 'shop' },
    },
    data: { password: value },
    stringData: { user: 'app' },
  });
  expect(maskSecret(secret('aHVudGVyMg=='), name)).toEqual({
    kind: 'Secret',
    metadata: { name: 'db', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '[masked]', team: 'shop' } },
    data: { password: '[masked, 12 characters, value 1]' },
    stringData: { user: '[masked, 3 characters, value 2]' },
  });
  expect(JSON.stringify(maskSecret({ kind: 'List', items: [secret('aHVudGVyMw==')] }, name))).toContain('12 characters, value 3');
  expect(JSON.stringify(maskSecret({ kind: 'List', items: [secret('aHVudGVyMw==')] }, name))).not.toContain('aHVud');
});

test('other kinds come back as they are', () => {
  const object = { kind: 'ConfigMap', data: { password: 'x' } };
  expect(maskSecret(object, () => '')).toBe(object);
});
