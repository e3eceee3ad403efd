import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffObjects } from './diff.ts';

const deployment = (image: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'checkout',
    namespace: 'shop',
    uid: 'u1',
    resourceVersion: '7',
    managedFields: [{}],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}' },
    ...more,
  },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { image: 'proxy:1', name: 'proxy' },
          { image, name: 'web', ports: [{ containerPort: 80 }] },
        ],
      },
    },
  },
  status: { readyReplicas: image.length },
});

test('the changed field with its path and three lines around it', () => {
  expect(diffObjects(deployment('web:1'), deployment('web:2'), 'Deployment shop/checkout')).toBe(`\
--- Deployment shop/checkout (now)
+++ Deployment shop/checkout (after)
@@ -11,6 +11,6 @@ spec.template.spec.containers[web]
         - name: proxy
           image: proxy:1
         - name: web
-          image: web:1
+          image: web:2
           ports:
             - containerPort: 80`);
});

test('what the server manages is no change', () => {
  const after = deployment('web:1', { resourceVersion: '8', generation: 3, creationTimestamp: '2026-01-01T00:00:00Z' });
  expect(diffObjects(deployment('web:1'), after, 'x')).toBe('');
});

test('an object that is made anew or taken away', () => {
  const map = { kind: 'ConfigMap', metadata: { name: 'app' }, data: { a: '1' } };
  expect(diffObjects(null, map, 'ConfigMap app')).toBe(`\
--- ConfigMap app (absent)
+++ ConfigMap app (after)
@@ -0,0 +1,5 @@
+data:
+  a: "1"
+kind: ConfigMap
+metadata:
+  name: app`);
  expect(diffObjects(map, null, 'ConfigMap app')).toContain('-  a: "1"');
});

test('a changed Secret is seen as changed, and its values are not', () => {
  const secret = (password: string) => ({ kind: 'Secret', metadata: { name: 'db' }, data: { password, user: 'YXBw' } });
  const diff = diffObjects(secret('aHVudGVyMg=='), secret('aHVudGVyMw=='), 'Secret db');
  expect(diff).toContain('-  password: "[masked, 12 characters, value 1]"\n+  password: "[masked, 12 characters, value 3]"');
  expect(diff).not.toMatch(/aHVudGVy|YXBw/);
});

test('wherever a credential stands, a diff shows that it changed and not what it is', () => {
  const canary = fc.stringMatching(/^[A-Za-z0-9]{10,30}$/).map((s) => `canary${s}`);
  const holding = (secret: string, image: string) => ({
    kind: 'Deployment',
    metadata: { name: 'web', annotations: { 'example.com/api-token': secret, note: 'kept' } },
    data: { password: secret, 'app.ini': `user=web\npassword=${secret}\nlevel=debug` },
    spec: {
      containers: [
        {
          name: 'web',
          image,
          args: ['--password', secret, `--token=${secret}`, '--level', 'debug'],
          env: [
            { name: 'DB_PASSWORD', value: secret },
            { name: 'DATABASE_URL', value: `postgres://web:${secret}@db/shop` },
            { name: 'LEVEL', value: 'debug' },
          ],
        },
      ],
    },
  });
  fc.assert(
    fc.property(canary, canary, (one, other) => {
      fc.pre(one !== other);
      const changed = diffObjects(holding(one, 'web:1'), holding(other, 'web:1'), 'x');
      const beside = diffObjects(holding(one, 'web:1'), holding(one, 'web:2'), 'x');
      expect(changed.split('\n').filter((l) => l.startsWith('-') && l.includes('[masked, value'))).toHaveLength(7);
      expect(`${changed}${beside}`).not.toContain('canary');
      expect(
        beside
          .split('\n')
          .filter((l) => /^[-+] /.test(l))
          .map((l) => l.trim().replace(/\s+/g, ' ')),
      ).toEqual(['- image: web:1', '+ image: web:2']);
    }),
  );
});
