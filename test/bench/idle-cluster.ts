import { playControllers } from '../../agents/host/doubles/api-server/controllers.ts';
import { ObjectTable, type RawObject } from '../../agents/host/doubles/api-server/objects.ts';

const NAMESPACES = 4;
const WORKLOADS = 7;

/** About 200 objects of a quiet cluster: Deployments with their ReplicaSets and pods, Services with endpoints, ConfigMaps. */
export function idleCluster(): RawObject[] {
  const born = '2026-01-01T00:00:00Z';
  const table = new ObjectTable();
  const put = (object: RawObject) => void table.put({ ...object, metadata: { creationTimestamp: born, ...object.metadata } });
  for (const name of ['kube-system', 'default'])
    put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
  put({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', labels: {} },
    spec: {},
    status: { allocatable: { cpu: '64', memory: '256Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
  });
  for (let n = 0; n < NAMESPACES; n++) {
    const namespace = `team-${n}`;
    put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace }, status: { phase: 'Active' } });
    for (let w = 0; w < WORKLOADS; w++) {
      const name = `app-${w}`;
      const labels = { app: name };
      put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { LEVEL: 'info' } });
      put({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], envFrom: [{ configMapRef: { name } }] }],
            },
          },
        },
      });
      put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      });
    }
  }
  playControllers(table, { images: { 'app:1': { port: 8080, paths: ['/'], memoryMi: 16, requires: [], log: '' } }, startMs: 0 })();
  return ['namespaces', 'nodes', 'configmaps', 'deployments', 'replicasets', 'pods', 'services', 'endpointslices'].flatMap((r) =>
    table.list(r),
  );
}
