import { expect, test } from 'vitest';
import { refKey } from '../contract/index.ts';
import { hostsIn } from '../contract/index.ts';
import { serviceOf } from './called-hosts.ts';
import { relationsAround } from './relations.ts';
import { at, deployed, sample, serviceFor, storeOf } from './samples.ts';

const words = (store: ReturnType<typeof storeOf>, ...refs: string[]) =>
  relationsAround(store.view(), refs.map(at)).map((r) => `${refKey(r.from)} ${r.type} ${refKey(r.to)}`);

test.each([
  ['http://cart.shop.svc.cluster.local:8080/api?x=1', false, ['cart.shop.svc.cluster.local']],
  ['redis://:pa55@cache:6379/0', false, ['cache']],
  ['postgres://catalog:pw@db/catalog', false, ['db']],
  ['app:pw@tcp(mysql:3306)/shop', false, ['mysql']],
  ['kafka-0.kafka:9092,kafka-1.kafka:9092', false, ['kafka-0.kafka', 'kafka-1.kafka']],
  ['/etc/redis/redis.conf', true, []],
  ['info', false, []],
  ['Redis', true, ['redis']],
  ['host=db port=5432', true, ['host', 'db', 'port', '5432']],
  ['10:30', false, ['10']],
])('the hosts in %s', (text, bare, expected) => {
  expect(hostsIn(text, bare)).toEqual(expected);
});

test('hosts mean Services as the DNS of a cluster has it', () => {
  const services = new Map([
    ['shop/cart', 1],
    ['data/db', 2],
    ['data/kafka', 3],
  ]);
  const of = (host: string, namespace = 'shop') => serviceOf(host, namespace, services);
  expect([of('cart'), of('db'), of('db.data'), of('db.data.svc.cluster.local'), of('kafka-0.kafka.data.svc')]).toEqual([
    1,
    undefined,
    2,
    2,
    3,
  ]);
  expect([of('kafka-0.kafka', 'data'), of('cart', 'other'), of('example.com')]).toEqual([3, undefined, undefined]);
});

test('a workload, what it names, who selects it and whom it calls', () => {
  const spec = {
    serviceAccountName: 'robot',
    volumes: [
      { name: 'c', configMap: { name: 'app-config' } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    ],
    containers: [
      {
        name: 'main',
        envFrom: [{ secretRef: { name: 'keys' } }],
        env: [
          { name: 'CART_URL', value: 'http://cart:80' },
          { name: 'LOG', value: 'cart' },
        ],
      },
    ],
  };
  const store = storeOf(deployed('web', { spec }), serviceFor('web'), serviceFor('cart'), deployed('cart'));
  expect(words(store, 'Deployment/web').sort()).toEqual([
    'Deployment/shop/web calls Service/shop/cart',
    'Deployment/shop/web mounts PersistentVolumeClaim/shop/data',
    'Deployment/shop/web references ConfigMap/shop/app-config',
    'Deployment/shop/web references Secret/shop/keys',
    'Deployment/shop/web references ServiceAccount/shop/robot',
    'Pod/shop/web-1-0 ownedBy Deployment/shop/web',
    'ReplicaSet/shop/web-1 ownedBy Deployment/shop/web',
    'Service/shop/cart selects Deployment/shop/cart',
    'Service/shop/web selects Deployment/shop/web',
  ]);
});

test('who reads an object that is meant, and not what else they read', () => {
  const from = (...names: string[]) => ({ containers: [{ name: 'main', envFrom: names.map((name) => ({ configMapRef: { name } })) }] });
  const store = storeOf(deployed('web', { spec: from('app', 'other') }), deployed('cart', { spec: from('cart') }));
  expect(words(store, 'ConfigMap/app')).toEqual(['Deployment/shop/web references ConfigMap/shop/app']);
});

test('a caller in another namespace is near', () => {
  const spec = { containers: [{ name: 'main', args: ['--upstream=http://cart.shop:80'] }] };
  const store = storeOf(deployed('front', { namespace: 'edge', spec }), serviceFor('cart'), deployed('cart'));
  expect(words(store, 'Service/cart')).toContain('Deployment/edge/front calls Service/shop/cart');
});

test('pods of a node that is meant are near, whatever their namespace', () => {
  const store = storeOf(sample('Node', 'n1'), deployed('web', { spec: { nodeName: 'n1', containers: [] } }), deployed('cart'));
  expect(words(store, 'Node/n1')).toEqual(['Pod/shop/web-1-0 ownedBy Deployment/shop/web', 'Pod/shop/web-1-0 scheduledOn Node/n1']);
});

test('claims, Ingresses and autoscalers', () => {
  const store = storeOf(
    sample('PersistentVolumeClaim', 'data', { spec: { volumeName: 'pv-1' } }),
    sample('Ingress', 'front', {
      spec: {
        defaultBackend: { service: { name: 'web' } },
        tls: [{ hosts: ['x'], secretName: 'cert' }],
        rules: [{ http: { paths: [{ backend: { service: { name: 'api' } } }] } }],
      },
    }),
    sample('HorizontalPodAutoscaler', 'web', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3 } }),
  );
  expect(words(store, 'PersistentVolumeClaim/data')).toEqual([
    'PersistentVolumeClaim/shop/data boundTo PersistentVolume/pv-1',
    'Ingress/shop/front calls Service/shop/web',
    'Ingress/shop/front calls Service/shop/api',
    'Ingress/shop/front references Secret/shop/cert',
    'HorizontalPodAutoscaler/shop/web references Deployment/shop/web',
  ]);
});

test('without findings there is nothing to be near to', () => {
  expect(words(storeOf(deployed('web')))).toEqual([]);
});

test('in a namespace of 3,000 pods the edges between workloads are still there', () => {
  const spec = { containers: [{ name: 'main', env: [{ name: 'CART_URL', value: 'http://cart' }] }] };
  const store = storeOf(deployed('web', { replicas: 3000, spec }), deployed('cart'), serviceFor('cart'));
  const all = words(store, 'Deployment/web', 'Service/cart');
  expect(all.slice(0, 2).sort()).toEqual(['Deployment/shop/web calls Service/shop/cart', 'Service/shop/cart selects Deployment/shop/cart']);
  expect(all.length).toBeLessThanOrEqual(4000);
});
