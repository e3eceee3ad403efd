import { expect, test } from 'vitest';
import { examine } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { endpointPortNameDiffers } from './endpoint-port-name-differs.ts';

type Raw = Record<string, unknown>;
const service = (ports: readonly Raw[], more: Raw = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'erp', namespace: 'shop' },
  spec: { ports, ...more },
});
const slice = (ports: readonly Raw[], labels: Raw = {}, ready = true): Raw => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'erp-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'erp', ...labels } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.9.0.7'], conditions: { ready } }],
  ports,
});
const look = (...objects: Raw[]) => examine([endpointPortNameDiffers], [correctValue], objects);

test('a port that is called otherwise in the slice: it gets the name that the Service has', () => {
  const report = look(service([{ name: 'sql', port: 1433 }]), slice([{ name: 'mssql', port: 1433 }]));
  expect(told(report)).toEqual([
    'SVC-016 EndpointSlice/shop/erp-1 ports[0].name affects erp: port 1433 of Service erp (sql) has no endpoints: it has addresses, and their ports are called mssql; the names must be the same',
  ]);
  expect(planned(report)['SVC-016 EndpointSlice/shop/erp-1']?.[1]).toBe(
    'patch EndpointSlice/shop/erp-1 test /ports/0/name "mssql"; replace /ports/0/name "sql"',
  );
});

test('of an Endpoints object that is mirrored, that one is to be edited', () => {
  const mirrored = slice([{ port: 1433 }], { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' });
  const report = look(service([{ name: 'sql', port: 1433 }]), mirrored);
  expect(told(report)[0]).toContain('SVC-016 Endpoints/shop/erp subsets');
  expect(planned(report)).toEqual({});
  expect(Object.values(advised(report))[0]).toContain('(sql)');
});

test.each([
  ['have the same name', [service([{ name: 'sql', port: 1433 }]), slice([{ name: 'sql', port: 1433 }])]],
  ['have no name, both', [service([{ port: 1433 }]), slice([{ port: 1433 }])]],
  ['have no address', [service([{ name: 'sql', port: 1433 }]), slice([{ name: 'x', port: 1433 }], {}, false)]],
  ['follow from a selector', [service([{ name: 'sql', port: 1433 }], { selector: { app: 'erp' } }), slice([{ name: 'x', port: 1433 }])]],
])('silent where the ports %s', (_, objects) => {
  expect(look(...objects).findings).toEqual([]);
});
