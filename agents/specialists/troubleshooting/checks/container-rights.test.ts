import { expect, test } from 'vitest';
import { container, ended, examine, logs, running, waiting, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { mountAFolder } from '../remedies/mount-a-folder.ts';
import { capabilityDropped } from './capability-dropped.ts';
import { fileSystemReadOnly } from './file-system-read-only.ts';
import { runsAsRootThoughForbidden } from './runs-as-root-though-forbidden.ts';
import { volumeNotPermitted } from './volume-not-permitted.ts';

type Raw = Record<string, unknown>;
const look = (objects: Parameters<typeof examine>[2], ...lines: string[]) =>
  examine(
    [capabilityDropped, fileSystemReadOnly, runsAsRootThoughForbidden, volumeNotPermitted],
    [mountAFolder, correctValue],
    objects,
    () => logs('starting', ...lines),
  );
const failed = (name: string, init = false): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False' }],
  [init ? 'initContainerStatuses' : 'containerStatuses']: [container(name, ended(1), { restartCount: 3 })],
});
const well = (name: string): Raw => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [container(name, running(), { ready: true, started: true })],
});

test('a path on a read-only root file system gets an emptyDir; the second container of a StatefulSet, an init container', () => {
  const spec: Raw = {
    containers: [
      { name: 'a', image: 'a' },
      {
        name: 'work',
        image: 'w',
        securityContext: { readOnlyRootFilesystem: true },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  };
  const report = look(
    workload({ kind: 'StatefulSet', name: 'press', spec, status: failed('work') }),
    'open /var/cache/pages/1: read-only file system',
  );
  expect(told(report)).toEqual([
    'RUN-002 StatefulSet/shop/press spec.template.spec.containers[1].securityContext.readOnlyRootFilesystem affects press-0: container work cannot write /var/cache/pages/1: its root file system is read-only (readOnlyRootFilesystem); mount an emptyDir at /var/cache/pages',
  ]);
  expect(planned(report)['RUN-002 StatefulSet/shop/press']?.slice(0, 2)).toEqual([
    'Mount an emptyDir at /var/cache/pages in container work',
    'patch StatefulSet/shop/press add /spec/template/spec/volumes/- {"name":"var-cache-pages-scratch","emptyDir":{}}; add /spec/template/spec/containers/1/volumeMounts/- {"name":"var-cache-pages-scratch","mountPath":"/var/cache/pages"}',
  ]);
  const init: Raw = {
    initContainers: [{ name: 'prepare', image: 'i', volumeMounts: [{ name: 'conf', mountPath: '/conf' }] }],
    containers: [{ name: 'a', image: 'a' }],
    volumes: [{ name: 'conf', configMap: { name: 'c' } }],
  };
  const config = look(workload({ name: 'mail', spec: init, status: failed('prepare', true) }), "EROFS: cannot open '/conf/x'");
  expect(told(config)).toEqual([
    'RUN-002 Deployment/shop/mail spec.template.spec.initContainers[0].volumeMounts affects mail-r1-x: init container prepare cannot write /conf/x: volume conf is a ConfigMap, which nobody can write to',
  ]);
  expect(advised(config)['RUN-002 Deployment/shop/mail']).toContain('emptyDir');
});

test('the words alone prove nothing, and neither does a read-only root of a program that is well', () => {
  const free = { containers: [{ name: 'a', image: 'a' }] };
  const strict = { containers: [{ name: 'a', image: 'a', securityContext: { readOnlyRootFilesystem: true } }] };
  const line = 'open /tmp/x: read-only file system';
  expect(told(look(workload({ name: 'w', spec: free, status: failed('a') }), line))).toEqual([]);
  expect(told(look(workload({ name: 'w', spec: strict, status: well('a') }), line))).toEqual([]);
});

test('an image that runs as root where the pod forbids it; runAsUser 0 is named where it is the fault', () => {
  const says = 'container has runAsNonRoot and image will run as root (pod: "x", container: a)';
  const status = {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [container('a', waiting('CreateContainerConfigError', says))],
  };
  const spec = { securityContext: { runAsNonRoot: true }, containers: [{ name: 'a', image: 'shop/a:1' }] };
  const report = look(workload({ kind: 'DaemonSet', name: 'd', spec, status }));
  expect(told(report)).toEqual([
    'RUN-001 DaemonSet/shop/d spec.template.spec.securityContext.runAsNonRoot affects d-0: container a may not run as root (runAsNonRoot) and image shop/a:1 does, or names its user without a number; name a runAsUser the program can work as',
  ]);
  expect(advised(report)['RUN-001 DaemonSet/shop/d']).toContain('spec.template.spec.containers[0].securityContext.runAsUser');
  const zero = { containers: [{ name: 'a', image: 'a', securityContext: { runAsNonRoot: true, runAsUser: 0 } }] };
  expect(look(workload({ kind: 'Pod', name: 'p', spec: zero, status })).findings.map((f) => f.field)).toEqual([
    'spec.containers[0].securityContext.runAsUser',
  ]);
  const other = { ...status, containerStatuses: [container('a', waiting('CreateContainerConfigError', 'configmap "x" not found'))] };
  expect(told(look(workload({ name: 'd', spec, status: other })))).toEqual([]);
});

test('a claim that belongs to root is given to the group the program runs as; not where fsGroup is set, not to root', () => {
  const spec = (security: Raw, own: Raw = {}): Raw => ({
    securityContext: security,
    containers: [{ name: 'a', image: 'a', ...own, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  });
  const line = 'mkdir /data/index: permission denied';
  const report = look(workload({ name: 'w', spec: spec({ runAsUser: 1000, runAsGroup: 2000 }), status: failed('a') }), line);
  expect(told(report)).toEqual([
    'RUN-003 Deployment/shop/w spec.template.spec.securityContext.fsGroup affects w-r1-x: container a may not use /data/index on volume data: it runs as user 1000, and no fsGroup gives the volume to its group',
  ]);
  expect(planned(report)['RUN-003 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w add /spec/template/spec/securityContext/fsGroup 2000',
  );
  const has = look(workload({ name: 'w', spec: spec({ runAsUser: 1000, fsGroup: 1000 }), status: failed('a') }), line);
  expect(has.findings.map((f) => [f.confidence, f.field])).toEqual([[0.75, 'spec.template.spec.containers[0].volumeMounts']]);
  const root = spec({ runAsUser: 1000 }, { securityContext: { runAsUser: 0 } });
  expect(told(look(workload({ name: 'w', spec: root, status: failed('a') }), line))).toEqual([]);
  const elsewhere = 'mkdir /srv/index: permission denied';
  expect(told(look(workload({ name: 'w', spec: spec({ runAsUser: 1000 }), status: failed('a') }), elsewhere))).toEqual([]);
});

test('the claims of a StatefulSet are found in its pods, also for a path that is named from where the program stands', () => {
  const own: Raw = {
    securityContext: { runAsUser: 999 },
    containers: [{ name: 'a', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  };
  const claim = { name: 'data', persistentVolumeClaim: { claimName: 'data-r-0' } };
  const set = workload({ kind: 'StatefulSet', name: 'r', spec: own, status: failed('a') }).map((o): Raw => {
    const spec = o['spec'] as Raw;
    return o['kind'] === 'Pod'
      ? { ...o, spec: { ...spec, volumes: [claim] } }
      : { ...o, spec: { ...spec, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] } };
  });
  const message = (path: string) =>
    `RUN-003 StatefulSet/shop/r spec.template.spec.securityContext.fsGroup affects r-0: container a may not use ${path} on volume data: it runs as user 999, and no fsGroup gives the volume to its group`;
  expect(told(look(set, 'mkdir /data/index: permission denied'))).toEqual([message('/data/index')]);
  expect(told(look(set, "Can't open or create append-only dir appendonlydir: Permission denied"))).toEqual([message('appendonlydir')]);
  // With two claims nobody knows which of them it is.
  const two = set.map((o): Raw => {
    const spec = o['spec'] as Raw;
    if (o['kind'] !== 'Pod') {
      const template = spec['template'] as Raw;
      const mounts = ['data', 'wal'].map((name) => ({ name, mountPath: `/${name}` }));
      const containers = [{ name: 'a', image: 'a', volumeMounts: mounts }];
      const claims = ['data', 'wal'].map((name) => ({ metadata: { name }, spec: {} }));
      return { ...o, spec: { ...spec, template: { ...template, spec: { ...own, containers } }, volumeClaimTemplates: claims } };
    }
    return { ...o, spec: { ...spec, volumes: [claim, { name: 'wal', persistentVolumeClaim: { claimName: 'wal-r-0' } }] } };
  });
  expect(told(look(two, 'open appendonlydir: permission denied'))).toEqual([]);
});

test('what needs a capability that was dropped: which one follows from the call; nothing where none was dropped', () => {
  const spec = (capabilities: Raw): Raw => ({
    containers: [
      { name: 'a', image: 'a' },
      { name: 'web', image: 'w', securityContext: { capabilities } },
    ],
  });
  const line = 'nginx: [emerg] chown("/var/cache/x", 101) failed (1: Operation not permitted)';
  const report = look(workload({ name: 'w', spec: spec({ drop: ['ALL'] }), status: failed('web') }), line);
  expect(told(report)).toEqual([
    'RUN-006 Deployment/shop/w spec.template.spec.containers[1].securityContext.capabilities affects w-r1-x: container web may not chown: that needs the capability CHOWN, and securityContext drops ALL; add CHOWN, or run the program as a user that need not do this',
  ]);
  expect(advised(report)['RUN-006 Deployment/shop/w']).toContain('CHOWN');
  const one = look(
    workload({ name: 'w', spec: spec({ drop: ['NET_RAW'] }), status: failed('web') }),
    'socket: raw socket: operation not permitted',
  );
  expect(one.findings.map((f) => [f.code, f.confidence])).toEqual([['RUN-006', 0.92]]);
  for (const capabilities of [{}, { drop: ['KILL'] }, { drop: ['ALL'], add: ['CHOWN'] }])
    expect(told(look(workload({ name: 'w', spec: spec(capabilities), status: failed('web') }), line))).toEqual([]);
  expect(told(look(workload({ name: 'w', spec: spec({ drop: ['ALL'] }), status: well('web') }), line))).toEqual([]);
});

test('a Secret whose mode lets only root read it is given to the group; one that everybody may read is refused for another reason', () => {
  const spec = (defaultMode: number, more: Raw[] = []): Raw => ({
    securityContext: { runAsUser: 1000 },
    containers: [{ name: 'a', image: 'a', volumeMounts: [{ name: 'key', mountPath: '/key' }] }],
    volumes: [{ name: 'key', secret: { secretName: 'key', defaultMode } }, ...more],
  });
  const line = "cat: can't open '/key/tls.key': Permission denied";
  const report = look(workload({ name: 'w', spec: spec(0o400), status: failed('a') }), line);
  expect(told(report)[0]).toContain('mode 0400 lets only root read it, and no fsGroup gives the volume to its group');
  expect(planned(report)['RUN-003 Deployment/shop/w']?.[1]).toBe(
    'patch Deployment/shop/w add /spec/template/spec/securityContext/fsGroup 1000',
  );
  const data = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const beside = look(workload({ name: 'w', spec: spec(0o400, data), status: failed('a') }), line);
  expect([planned(beside), Object.values(advised(beside))[0]]).toEqual([{}, expect.stringContaining('its claims are given to that group')]);
  expect(told(look(workload({ name: 'w', spec: spec(0o644), status: failed('a') }), line))).toEqual([]);
});
