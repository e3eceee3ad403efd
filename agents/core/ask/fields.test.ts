import { describe, expect, test } from 'vitest';
import { fieldNamesAsked, fieldsAsked } from './fields.ts';

const CART = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'cart',
    namespace: 'shop',
    uid: 'c0ffee',
    creationTimestamp: '2026-11-02T08:00:00Z',
    labels: { app: 'cart', 'acme.example/team': 'tills', 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"replicas":7}}' },
  },
  spec: {
    replicas: 3,
    revisionHistoryLimit: 4,
    template: {
      spec: {
        serviceAccountName: 'till',
        containers: [
          {
            name: 'web',
            image: 'shop/cart:1.4',
            ports: [{ name: 'http', containerPort: 8080 }],
            env: [{ name: 'MODE', value: 'fast' }],
            resources: { limits: { memory: '64Mi', cpu: '1' }, requests: { memory: '32Mi' } },
          },
        ],
      },
    },
  },
  status: { readyReplicas: 2 },
};
const asked = (words: string) => fieldsAsked(CART, words).map(({ path, value }) => `${path}: ${value}`);

describe('fields that a question asks for', () => {
  test('by their names in the API, and by what people call them', () => {
    expect(asked('which version runs')).toEqual(['spec.template.spec.containers[web].image: shop/cart:1.4']);
    expect(asked('what is the memory limit of')).toEqual(['spec.template.spec.containers[web].resources.limits.memory: 64Mi']);
    expect(asked('how much memory is requested by')).toEqual(['spec.template.spec.containers[web].resources.requests.memory: 32Mi']);
    expect(asked('what is the revision history limit of')).toEqual(['spec.revisionHistoryLimit: 4']);
    expect(asked('which service account does it use')).toEqual(['spec.template.spec.serviceAccountName: till']);
    expect(asked('how old is')).toEqual(['metadata.creationTimestamp: 2026-11-02T08:00:00Z']);
    expect(asked('how many replicas does have')).toEqual(['spec.replicas: 3', 'status.readyReplicas: 2']);
  });

  test('one that is called so, and not all that have the word in their names; a variable by its own name; the least and the most', () => {
    const pod = {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'a:1',
            imagePullPolicy: 'Always',
            env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'pw' } } }],
          },
        ],
        minReplicas: 2,
        maxReplicas: 6,
        replicas: 3,
      },
      status: { replicas: 3, readyReplicas: 3 },
    };
    const paths = (words: string) => fieldsAsked(pod, words).map(({ path }) => path);
    expect(paths('which image')).toEqual(['spec.containers[web].image']);
    expect(paths('where does get DB_PASSWORD from')).toEqual([
      'spec.containers[web].env[DB_PASSWORD].valueFrom.secretKeyRef.name',
      'spec.containers[web].env[DB_PASSWORD].valueFrom.secretKeyRef.key',
    ]);
    expect(paths('min and max of')).toEqual(['spec.minReplicas', 'spec.maxReplicas']);
    expect(paths('how many replicas')).toEqual(['spec.replicas', 'status.readyReplicas']);
  });

  test('who it belongs to stands in labels of any prefix', () => {
    expect(asked('which team owns')).toContain('metadata.labels.acme.example/team: tills');
  });

  test('what stands under a field that was asked for belongs to it', () => {
    expect(asked('which environment variables does have')).toEqual(['spec.template.spec.containers[web].env[MODE].value: fast']);
  });

  test('nothing where most of what was asked is no field of it, nor from what tools keep for themselves', () => {
    expect(asked('what is the colour of the image')).toEqual([]);
    expect(asked('who is the vendor of')).toEqual([]);
    expect(asked('what is it')).toEqual([]);
  });

  test('what is called so in the API and is not set can be named', () => {
    expect(fieldsAsked(CART, 'does have a readiness probe')).toEqual([]);
    expect(fieldNamesAsked('which health checks does have')).toContain('readinessProbe');
    expect(fieldNamesAsked('what is the colour of the probe')).toEqual([]);
  });
});
