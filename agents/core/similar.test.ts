import { expect, test } from 'vitest';
import type { PastIncident } from '../contract/index.ts';
import { type Likeness, mostAlike } from './similar.ts';

const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', namespace: 'shop', name });
let seq = 0;
const past = (more: Partial<PastIncident>): PastIncident => ({
  id: `inc-${++seq}`,
  context: 'prod',
  title: 'Service cart selects no pods',
  severity: 'high',
  code: 'SVC-001',
  resource: service('cart'),
  field: 'spec.selector.app',
  message: 'its selector app=crat matches nothing',
  symptoms: ['SVC-004'],
  openedAt: '2026-04-01T00:00:00.000Z',
  resolvedAt: '2026-04-01T00:01:00.000Z',
  opened: seq,
  resolved: seq + 1,
  plans: [],
  ...more,
});
const now = (more: Partial<Likeness> = {}): Likeness => ({
  id: 'inc-now',
  context: 'prod',
  code: 'SVC-001',
  resource: service('cart'),
  field: 'spec.selector.app',
  symptoms: ['SVC-004'],
  words: 'Service cart selects no pods',
  ...more,
});

test('an earlier time of the same fault comes before the same cause elsewhere, that before what is only told alike; other stories not at all', () => {
  const same = past({ id: 'inc-now' });
  const elsewhere = past({ resource: service('web'), title: 'Service web selects no pods', symptoms: [] });
  const memory = past({
    code: 'POD-004',
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'labels' },
    title: 'labels runs out of memory',
    message: 'OOMKilled',
    symptoms: [],
  });
  const found = mostAlike(now(), [memory, elsewhere, same], 5);
  expect(found.map((f) => [f.id, f.because])).toEqual([
    ['inc-now', 'the same fault of Service shop/cart'],
    [elsewhere.id, expect.stringContaining('the same cause (SVC-001), also a Service') as string],
  ]);
});

test('a question in plain words finds what was told in those words', () => {
  const memory = past({ code: 'POD-004', title: 'labels runs out of memory', message: 'OOMKilled, limit 32Mi' });
  const cart = past({});
  const asked: Likeness = { symptoms: [], words: 'labels out of memory' };
  expect(mostAlike(asked, [cart, memory], 5).map((f) => f.id)).toEqual([memory.id]);
  expect(mostAlike({ symptoms: [], words: 'bake bread' }, [cart, memory], 5)).toEqual([]);
});

test('equal ones: the later first, and no more than are wanted', () => {
  const [a, b] = [past({ id: 'x' }), past({ id: 'x' })];
  expect(mostAlike(now({ id: 'x' }), [a, b], 1).map((f) => f.resolved)).toEqual([b.resolved]);
});
