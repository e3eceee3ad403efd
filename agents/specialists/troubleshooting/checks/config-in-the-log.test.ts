import { expect, test } from 'vitest';
import { configMap, container, ended, examine, logs, running, secret, waiting, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { supplyEnvironment } from '../remedies/supply-environment.ts';
import { configNotAccepted } from './config-not-accepted.ts';
import { credentialsRefused } from './credentials-refused.ts';
import { variableLeftAsWritten } from './variable-left-as-written.ts';

/** What programs say, as they end, about what they were given. */

type Raw = Record<string, unknown>;
const look = (objects: Parameters<typeof examine>[2], ...lines: string[]) =>
  examine([configNotAccepted, credentialsRefused, variableLeftAsWritten], [correctValue, supplyEnvironment], objects, () => logs(...lines));
const crashed: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', waiting('CrashLoopBackOff'), { restartCount: 2, lastState: ended(1) })],
};
const well: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', running(), { ready: true })],
};
const app = (more: Raw, volumes: readonly Raw[] = [], status = crashed) =>
  workload({ name: 'w', spec: { containers: [{ name: 'app', image: 'a', ...more }], volumes }, status });

const mounted = (mount: Raw, volume: Raw, status = crashed) =>
  app({ volumeMounts: [{ name: 'conf', ...mount }] }, [{ name: 'conf', ...volume }], status);
const folder = mounted({ mountPath: '/etc/app' }, { configMap: { name: 'conf' } });
const CONF = configMap('conf', { 'app.yaml': 'x', 'nginx.conf': 'y' });

test.each([
  [
    'in the same line',
    folder,
    ['fatal: cannot parse /etc/app/app.yaml: yaml: line 4: found character that cannot start any token'],
    'app.yaml',
  ],
  ['a line before', folder, ['reading /etc/app/app.yaml', 'Error: Unexpected token } in JSON at position 12'], 'app.yaml'],
  ['as nginx does', folder, ['nginx: [emerg] unknown directive "proxi_pass" in /etc/app/nginx.conf:14'], 'nginx.conf'],
  [
    'with a subPath',
    mounted({ mountPath: '/app/settings.yaml', subPath: 'app.yaml' }, { configMap: { name: 'conf' } }),
    ['panic: yaml: unmarshal errors in /app/settings.yaml'],
    'app.yaml',
  ],
  [
    'with the path of an item',
    mounted({ mountPath: '/etc/app' }, { configMap: { name: 'conf', items: [{ key: 'nginx.conf', path: 'site.conf' }] } }),
    ['invalid configuration in "/etc/app/site.conf"'],
    'nginx.conf',
  ],
])('a config file that is not accepted, named %s, is a key of a ConfigMap', (_, objects, lines, key) => {
  const report = look([...objects, CONF], 'starting', ...lines);
  expect(report.findings.map((f) => [f.code, f.subject.kind, f.subject.name, f.field, f.affects.map((r) => r.name)])).toEqual([
    ['CFG-013', 'ConfigMap', 'conf', `data["${key}"]`, ['w', 'w-r1-x']],
  ]);
  expect(Object.values(advised(report))[0]).toContain(`correct key ${key} of ConfigMap conf`);
});

test('silent where the program is well, the file is none of a ConfigMap, there is no such key, or nothing is said of its content', () => {
  const bad = 'fatal: cannot parse /etc/app/app.yaml: syntax error';
  expect(look([...mounted({ mountPath: '/etc/app' }, { configMap: { name: 'conf' } }, well), CONF], bad).findings).toEqual([]);
  expect(look([...folder, CONF], 'fatal: cannot parse /var/lib/app.yaml: syntax error').findings).toEqual([]);
  expect(look([...folder, configMap('conf', { other: 'x' })], bad).findings).toEqual([]);
  expect(look([...folder, CONF], 'reading /etc/app/app.yaml', 'fatal: no connection to db:5432').findings).toEqual([]);
});

const login = app({ env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] });
const REFUSED = 'FATAL: password authentication failed for user "app" (SQLSTATE 28P01)';
const base64 = { plain: 'czNjcjN0', broken: 'czNjcjN0Cg==' };

test.each([
  [REFUSED],
  ["Access denied for user 'app'@'10.0.0.7' (using password: YES)"],
  ['WRONGPASS invalid username-password pair or user is disabled.'],
  ['MongoServerError: Authentication failed.'],
  ['request failed: 401 Unauthorized'],
])('a login that is refused leads to the Secret it is taken from: %s', (line) => {
  const report = look([...login, secret('db', { password: base64.plain })], line);
  expect(report.findings.map((f) => [f.code, f.subject.kind, f.subject.name, f.field])).toEqual([
    ['CFG-014', 'Secret', 'db', 'data.password'],
  ]);
  expect(Object.values(advised(report))[0]).toContain('what the server knows the same');
});

test.each(['a', 'ab', 'abc', 's3cr3t-Pa55'])('a line break at the end of a value is seen without the value: %s', (value) => {
  const encoded = (text: string) => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const bits = [...text].map((c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('');
    const body = (bits.match(/.{1,6}/g) ?? []).map((b) => letters[parseInt(b.padEnd(6, '0'), 2)]).join('');
    return body.padEnd(Math.ceil(body.length / 4) * 4, '=');
  };
  const [said] = told(look([...login, secret('db', { password: encoded(`${value}\n`) })], REFUSED));
  expect(said).toContain('the value of password ends in a line break');
  expect(told(look([...login, secret('db', { password: encoded(value) })], REFUSED))[0]).not.toContain('line break');
});

test('silent where no Secret is taken, several might be meant, the cluster itself refuses, or nobody does', () => {
  const db = secret('db', { password: base64.plain });
  expect(look([...app({ env: [{ name: 'DB_PASSWORD', value: 'x' }] }), db], REFUSED).findings).toEqual([]);
  const two = ['db', 'cache'].map((name) => ({ name: `${name}_PASSWORD`, valueFrom: { secretKeyRef: { name, key: 'password' } } }));
  expect(look([...app({ env: two }), db, secret('cache', { password: base64.plain })], REFUSED).findings).toEqual([]);
  // Of several the one with a line break is to blame.
  expect(
    look([...app({ env: two }), db, secret('cache', { password: base64.broken })], REFUSED).findings.map((f) => f.subject.name),
  ).toEqual(['cache']);
  expect(look([...login, db], '401 Unauthorized: serviceaccount token').findings).toEqual([]);
  expect(look([...login, db], 'fatal: disk full').findings).toEqual([]);
});

test('a reference to a variable that is not defined: the one of a nearly equal name is renamed', () => {
  const report = look(app({ args: ['serve', '--cache=$(CACHE_HOST):80'], env: [{ name: 'CASHE_HOST', value: 'cache' }] }));
  expect(told(report)).toEqual([
    'CFG-015 Deployment/shop/w spec.template.spec.containers[0].args[1] affects w-r1-x: $(CACHE_HOST) stays as it is written, for container app has no variable CACHE_HOST; it has CASHE_HOST: was CACHE_HOST meant?',
  ]);
  expect(planned(report)['CFG-015 Deployment/shop/w']?.[0]).toBe('Rename the variable CASHE_HOST of app to CACHE_HOST');
  const late = app({
    env: [
      { name: 'URL', value: 'http://$(HOST)/' },
      { name: 'HOST', value: 'a' },
    ],
  });
  expect(told(look(late))[0]).toContain('only further down in its env');
  expect(told(look(app({ args: ['$(NOWHERE)'] })))[0]).toContain('it has none');
});

test.each([
  ['is defined', app({ args: ['$(A)'], env: [{ name: 'A', value: 'x' }] })],
  ['may come from a whole ConfigMap', app({ args: ['$(A)'], envFrom: [{ configMapRef: { name: 'c' } }] })],
  ['is a command of a shell', app({ command: ['/bin/sh', '-c', 'echo $(date)'] })],
  ['is meant as it is written', app({ args: ['$$(A)'] })],
  ['is of a Service', app({ args: ['$(CACHE_SERVICE_HOST)'] })],
  ['is of a program that is well', app({ args: ['$(A)'] }, [], well)],
])('silent about a reference that %s', (_, objects) => {
  expect(look(objects).findings).toEqual([]);
});
