import { expect, test } from 'vitest';
import { checkPath } from './metrics-transport.ts';

const allowed = [
  '/metrics',
  '/apis/metrics.k8s.io/v1beta1/pods',
  '/api/v1/nodes/ip-10-0-0-1.ec2.internal/proxy/stats/summary',
  '/api/v1/nodes/node-1/proxy/metrics/cadvisor',
  '/api/v1/namespaces/shop/pods/web-1:8080/proxy/metrics',
  '/api/v1/namespaces/shop/pods/https:web-1:8443/proxy/actuator/prometheus',
  '/api/v1/namespaces/monitoring/services/prometheus-server:80/proxy/api/v1/query_range',
  '/api/v1/namespaces/vm/services/vmselect:8481/proxy/select/0/prometheus/api/v1/query',
];
const refused = [
  '/api/v1/namespaces/shop/pods/web-1',
  '/api/v1/namespaces/shop/secrets/login',
  '/api/v1/namespaces/shop/pods/web-1/exec',
  '/api/v1/nodes/node-1/proxy/run/shop/web-1/web',
  '/api/v1/nodes/node-1/proxy/exec/shop/web-1/web',
  '/api/v1/nodes/node-1/proxy/logs/',
  '/api/v1/namespaces/shop/pods/web-1:8080/proxy/metrics?shutdown=now',
  '/api/v1/namespaces/shop/pods/web-1:8080/proxy/../../secrets',
  '/api/v1/namespaces/shop/pods/web-1:8080/proxy/%2e%2e/secrets',
  '/api/v1/namespaces/m/services/prometheus:9090/proxy/api/v1/admin/tsdb/delete_series',
  '/api/v1/namespaces/m/services/prometheus:9090/proxy/-/quit',
  '/apis/metrics.k8s.io/v1beta1/pods\n',
];

test.each(allowed)('%s is read', (path) => {
  expect(() => checkPath(path)).not.toThrow();
});
test.each(refused)('%s is refused before anything is sent', (path) => {
  expect(() => checkPath(path)).toThrow('not a path of metrics');
});
