import { describe, expect, test } from 'vitest';
import { objectsOf, valuesOf, withoutValues } from './helm.ts';

describe('a Helm release', () => {
  test('the paths of its values leave, what was given does not', () => {
    const { paths, texts } = valuesOf({ auth: { password: 'hunter-2-long', user: 'ann' }, ports: [80, 443], empty: {}, replicas: 3 });
    expect(paths).toEqual(['auth.password', 'auth.user', 'ports', 'empty', 'replicas']);
    const notes = 'Log in as ann with hunter-2-long at http://x, token: Zm9vYmFyMTIzNDU2';
    expect(withoutValues(notes, texts)).toBe('Log in as ann with [value] at http://x, token: [masked]');
  });

  test('a longer value that holds a shorter one is taken out whole', () => {
    expect(withoutValues('secret-value-2 and secret-value', ['secret-value', 'secret-value-2'])).toBe('[value] and [value]');
  });

  test('its objects, with and without a namespace of their own', () => {
    const manifest = `---
# Source: web/templates/sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  labels:
    name: not-this
  name: web # a comment
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: "web-reader"
rules: []
---
apiVersion: apps/v1
kind: Deployment
metadata:
    name: 'web'
    namespace: other
spec:
  template:
    metadata:
      name: inner
---
just text
`;
    expect(objectsOf(manifest, 'shop')).toEqual([
      { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'shop', name: 'web' },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'web-reader' },
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'other', name: 'web' },
    ]);
  });
});
