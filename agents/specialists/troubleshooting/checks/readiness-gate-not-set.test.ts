import { expect, test } from 'vitest';
import { container, examine, running, workload } from '../../testing/cluster.ts';
import { told } from '../../testing/told.ts';
import { readinessGateNotSet } from './readiness-gate-not-set.ts';

type Raw = Record<string, unknown>;
const look = (conditions: Raw[], ready = true) =>
  told(
    examine(
      [readinessGateNotSet],
      [],
      workload({
        name: 'w',
        spec: { containers: [{ name: 'a', image: 'a' }], readinessGates: [{ conditionType: 'example.com/attached' }] },
        status: { phase: 'Running', conditions, containerStatuses: [container('a', running(), { ready })] },
      }),
    ),
  );
const unready = (at: string): Raw => ({ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', lastTransitionTime: at });
const LONG = unready('2026-03-01T11:50:00Z');

test('a gate that nobody sets, and one that is set to False with its reason', () => {
  expect(look([LONG])).toEqual([
    'PRB-005 Deployment/shop/w spec.template.spec.readinessGates[0].conditionType affects w-r1-x: 1 pod of it waits for the readiness gate example.com/attached: all containers are ready, and the condition is set by nobody',
  ]);
  expect(look([LONG, { type: 'example.com/attached', status: 'False', message: 'no target group' }])[0]).toContain(
    'False (no target group)',
  );
});

test('silent for a new pod, where a container is not ready, and where the gate is set', () => {
  expect(look([unready('2026-03-01T11:59:30Z')])).toEqual([]);
  expect(look([LONG], false)).toEqual([]);
  expect(look([LONG, { type: 'example.com/attached', status: 'True' }])).toEqual([]);
});
