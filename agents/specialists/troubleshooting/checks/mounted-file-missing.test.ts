import { expect, test } from 'vitest';
import { configMap, container, ended, examine, logs, running, secret, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { mountedFileMissing } from './mounted-file-missing.ts';

type Raw = Record<string, unknown>;
const look = (objects: Parameters<typeof examine>[2], ...lines: string[]) =>
  examine([mountedFileMissing], [correctValue], objects, () => logs('starting', ...lines));
const failed: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [container('app', ended(1), { restartCount: 2 })],
};
const well: Raw = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container('app', running(), { ready: true })],
};
const spec = (mount: Raw, volume: Raw): Raw => ({
  containers: [
    { name: 'first', image: 'f' },
    { name: 'app', image: 'a', volumeMounts: [{ name: 'conf', ...mount }] },
  ],
  volumes: [{ name: 'conf', ...volume }],
});

test('a subPath that names no file: the near one is offered; a folder of projected paths is one', () => {
  const one = spec({ mountPath: '/etc/app.toml', subPath: 'app.tmol' }, { configMap: { name: 'app' } });
  const report = look([...workload({ kind: 'StatefulSet', name: 'w', spec: one, status: failed }), configMap('app', { 'app.toml': 'x' })]);
  expect(told(report)).toEqual([
    'CFG-011 StatefulSet/shop/w spec.template.spec.containers[1].volumeMounts[0].subPath affects w-0: container app mounts file app.tmol of ConfigMap app at /etc/app.toml, and it has no such file, so there is an empty folder; did you mean app.toml?',
  ]);
  expect(planned(report)['CFG-011 StatefulSet/shop/w']?.[1]).toBe(
    'patch StatefulSet/shop/w test /spec/template/spec/containers/1/volumeMounts/0/subPath "app.tmol"; replace /spec/template/spec/containers/1/volumeMounts/0/subPath "app.toml"',
  );
  const items = { secret: { secretName: 's', items: [{ key: 'k', path: 'deep/key' }] } };
  const folder = spec({ mountPath: '/etc/deep', subPath: 'deep' }, items);
  expect(told(look([...workload({ name: 'w', spec: folder, status: failed }), secret('s', { k: 'x' })]))).toEqual([]);
});

test('a file that the log misses in a mounted folder: the path of the item is what is wrong', () => {
  const items = { configMap: { name: 'app', items: [{ key: 'k', path: 'app.cfg' }] } };
  const raws = workload({ name: 'w', spec: spec({ mountPath: '/etc/app' }, items), status: failed });
  const report = look([...raws, configMap('app', { k: 'x' })], 'open /etc/app/app.conf: no such file or directory');
  expect(told(report)).toEqual([
    'CFG-011 Deployment/shop/w spec.template.spec.volumes[0].configMap.items[0].path affects w-r1-x: container app opens /etc/app/app.conf, and ConfigMap app, which is mounted at /etc/app, has no file app.conf; did you mean app.cfg?',
  ]);
  expect(planned(report)['CFG-011 Deployment/shop/w']?.[1]).toContain('items/0/path "app.cfg"; replace');
  const keys = workload({ name: 'w', spec: spec({ mountPath: '/etc/app' }, { secret: { secretName: 's' } }), status: failed });
  const whole = look([...keys, secret('s', { 'tls.pem': 'x', other: 'y' })], "ENOENT: no such file or directory, open '/etc/app/tls.key'");
  expect(whole.findings.map((f) => f.field)).toEqual(['spec.template.spec.volumes[0].secret']);
  expect(advised(whole)['CFG-011 Deployment/shop/w']).toContain('rename its key');
});

test('silent: a program that is well, a file elsewhere, one that is there, and what is optional', () => {
  const one = spec({ mountPath: '/etc/app.toml', subPath: 'app.tmol' }, { configMap: { name: 'app' } });
  const there = configMap('app', { 'app.toml': 'x' });
  expect(told(look([...workload({ name: 'w', spec: one, status: well }), there]))).toEqual([]);
  const folder = workload({ name: 'w', spec: spec({ mountPath: '/etc/app' }, { configMap: { name: 'app' } }), status: failed });
  expect(told(look([...folder, there], 'open /srv/app.toml: no such file or directory'))).toEqual([]);
  expect(told(look([...folder, there], 'open /etc/app/app.toml: no such file or directory'))).toEqual([]);
  const optional = spec({ mountPath: '/etc/app' }, { configMap: { name: 'app', optional: true } });
  const said = 'open /etc/app/x: no such file or directory';
  expect(told(look([...workload({ name: 'w', spec: optional, status: failed }), there], said))).toEqual([]);
});

test('a whole ConfigMap that is absent and optional, where the program ends for want of a file of it', () => {
  const optional = (object: string) => spec({ mountPath: '/etc/app' }, { configMap: { name: object, optional: true } });
  const line = 'fatal: open /etc/app/regions.json: no such file or directory';
  const report = look(workload({ name: 'w', spec: optional('regions'), status: failed }), line);
  expect(told(report)).toEqual([
    'CFG-011 Deployment/shop/w spec.template.spec.volumes[0].configMap.optional affects w-r1-x: container app opens /etc/app/regions.json, and ConfigMap regions, which is to be mounted at /etc/app, does not exist; it is marked optional, so the pods start without it',
  ]);
  expect(advised(report)['CFG-011 Deployment/shop/w']).toContain('create ConfigMap regions in namespace shop with the file regions.json');
  expect(told(look(workload({ name: 'w', spec: optional('regions'), status: failed }), 'fatal: bad flag'))).toEqual([]);
  expect(
    told(look([...workload({ name: 'w', spec: optional('regions'), status: failed }), configMap('regions', { a: 'x' })], line)),
  ).toEqual([]);
});
