import { expect, test } from 'vitest';
import { container, ended, examine, running, workload } from '../../testing/cluster.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctValue } from '../remedies/correct-value.ts';
import { undoRollout } from '../remedies/undo-rollout.ts';
import { nodeRefusesPod } from './node-refuses-pod.ts';

type Raw = Record<string, unknown>;
const SPEC: Raw = { containers: [{ name: 'web', image: 'shop/web:1' }] };
const look = (objects: Raw[]) => examine([nodeRefusesPod], [correctValue, undoRollout], objects);
const refused = (reason: string, message: string): Raw => ({ phase: 'Failed', reason, message, conditions: [] });
const SYSCTL = refused('SysctlForbidden', 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted');

test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] as const)('a kernel setting that is not allowed, in a %s', (kind) => {
  const report = look(workload({ kind, name: 'queue', spec: SPEC, status: SYSCTL }));
  const pod = kind === 'Deployment' ? 'queue-r1-x' : 'queue-0';
  expect(told(report)).toEqual([
    `POD-016 ${kind}/shop/queue spec.template.spec.securityContext.sysctls affects ${pod}: the kubelet of node-1 refuses the pod of ${kind} queue before anything starts: SysctlForbidden, forbidden sysctl: "kernel.msgmax" not allowlisted`,
  ]);
  expect(advised(report)[`POD-016 ${kind}/shop/queue`]).toContain('spec.template.spec.securityContext.sysctls');
});

test('a bare pod that names its node itself, and a place that is taken; where no field is at fault none is named', () => {
  const named = look(workload({ kind: 'Pod', name: 'p', spec: SPEC, status: refused('OutOfcpu', 'Pod was rejected: Node lacks cpu') }));
  expect(named.findings.map((f) => f.field)).toEqual(['spec.nodeName']);
  const placed = look(workload({ name: 'w', spec: SPEC, status: refused('UnexpectedAdmissionError', '') }));
  expect(placed.findings.map((f) => [f.field, f.message])).toEqual([
    [undefined, 'the kubelet of node-1 refuses the pod of Deployment w before anything starts: UnexpectedAdmissionError'],
  ]);
});

test('where an earlier revision ran, putting it back is offered', () => {
  const earlier = [{ containers: [{ name: 'web', image: 'shop/web:0' }] }];
  const report = look(workload({ name: 'w', spec: SPEC, earlier, status: SYSCTL }));
  expect(planned(report)['POD-016 Deployment/shop/w']?.[0]).toContain('revision 1');
});

test('silent: evicted and ended pods, one whose program ran, and leftovers beside a pod that is ready', () => {
  const of = (status: Raw) => told(look(workload({ name: 'w', spec: SPEC, status })));
  expect(of(refused('Evicted', 'The node was low on resource: memory.'))).toEqual([]);
  expect(of({ phase: 'Failed', conditions: [] })).toEqual([]);
  expect(of({ ...refused('Odd', ''), containerStatuses: [container('web', ended(1))] })).toEqual([]);
  const [leftover, ...rest] = workload({ name: 'w', spec: SPEC, status: SYSCTL }).reverse();
  const well = workload({
    name: 'w',
    spec: SPEC,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [container('web', running(), { ready: true, started: true })],
    },
  });
  const pod = well.at(-1);
  const other = { ...pod, metadata: { ...(pod?.['metadata'] as Raw), name: 'w-r1-y', uid: 'uid-y' } };
  expect(told(look([...rest, other, leftover ?? {}]))).toEqual([]);
});
