import { expect, test } from 'vitest';
import { container, ended, examine, workload } from '../../testing/cluster.ts';
import { answering } from '../../testing/refused.ts';
import { planned, told } from '../../testing/told.ts';
import { mountAccountToken } from '../remedies/mount-account-token.ts';
import { serviceAccountTokenNotMounted } from './service-account-token-not-mounted.ts';

const LINE = 'panic: open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory';
const account = (automount?: boolean) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'robot', namespace: 'shop' },
  ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
});
const bot = (more: object, kind: 'Deployment' | 'StatefulSet' = 'Deployment') =>
  workload({
    kind,
    name: 'bot',
    spec: { serviceAccountName: 'robot', ...more, containers: [{ name: 'app', image: 'a' }] },
    status: { containerStatuses: [container('app', ended(2), { restartCount: 3 })] },
  });
const look = (objects: Parameters<typeof examine>[2], ...log: string[]) =>
  examine([serviceAccountTokenNotMounted], [mountAccountToken], objects, answering({ log }));

test('the field that keeps the token out is named, and turned for this workload alone', () => {
  const pod = look([account(), ...bot({ automountServiceAccountToken: false })], 'starting', LINE);
  expect(told(pod)[0]).toContain('RBC-002 Deployment/shop/bot spec.template.spec.automountServiceAccountToken');
  expect(planned(pod)['RBC-002 Deployment/shop/bot']?.[1]).toContain('replace /spec/template/spec/automountServiceAccountToken true');
  const byAccount = look(
    [account(false), ...bot({}, 'StatefulSet')],
    "cat: can't open '/var/run/secrets/kubernetes.io/serviceaccount/token': No such file or directory",
  );
  expect(told(byAccount)[0]).toContain('false in ServiceAccount robot');
  expect(planned(byAccount)['RBC-002 StatefulSet/shop/bot']?.[1]).toBe(
    'patch StatefulSet/shop/bot add /spec/template/spec/automountServiceAccountToken true',
  );
});

test('silent without the field, without the line, and where the pod turns it on again', () => {
  expect(told(look([account(), ...bot({})], LINE))).toEqual([]);
  expect(told(look([account(false), ...bot({ automountServiceAccountToken: true })], LINE))).toEqual([]);
  expect(told(look([account(false), ...bot({})], 'open /etc/config: no such file or directory'))).toEqual([]);
});
