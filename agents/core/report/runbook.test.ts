import { expect, test } from 'vitest';
import type { PastIncident, Plan } from '../../contract/index.ts';
import { amendedRunbook } from './runbook.ts';
import { commandOf, commandsIn } from './runbook-commands.ts';

const target = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'cart' };
const time = (more: Partial<PastIncident> = {}): PastIncident => ({
  id: 'inc-1',
  context: 'prod',
  title: 'Service shop/cart: selects `nothing`',
  severity: 'high',
  code: 'SVC-001',
  resource: target,
  message: 'm',
  symptoms: [],
  openedAt: '2026-04-01T10:00:00.000Z',
  resolvedAt: '2026-04-01T10:05:00.000Z',
  opened: 3,
  resolved: 9,
  plans: [{ plan: 'plan-a', remedy: 'correct-selector', title: 'Correct the selector', state: 'done', because: 'gone', settled: 10 }],
  ...more,
});
const spec = {
  type: 'patch' as const,
  target,
  ops: [
    { op: 'test' as const, path: '/spec/selector/app', value: 'crat' },
    { op: 'replace' as const, path: '/spec/selector/app', value: "ca'rt" },
  ],
};
const plans = [{ id: 'plan-a', actions: [{ target, spec }] } as unknown as Plan];
const family = { code: 'SVC-001', title: 'A Service selects no pods', doc: 'Its selector matches nothing.' };

test('a first time makes the runbook, with what helped as a command; a second adds a line, and nothing twice', () => {
  const first = amendedRunbook(undefined, family, time(), plans);
  expect(first).toBe(
    [
      '# A Service selects no pods (SVC-001): what we have learned',
      '',
      '## What it means',
      '',
      'Its selector matches nothing.',
      '',
      '## Seen',
      '',
      '- 2026-04-01 10:00, prod: Service shop/cart: selects \\`nothing\\` [inc-1, entries 3 to 9]',
      '',
      '## What helped',
      '',
      '- Correct the selector [#10]',
      '',
      '  ```sh',
      `  kubectl patch service cart -n shop --type=json -p '[{"op":"replace","path":"/spec/selector/app","value":"ca'\\''rt"}]'`,
      '  ```',
      '',
    ].join('\n'),
  );
  expect(amendedRunbook(first, family, time(), plans)).toBe(first);
  const rolledBack = time({ opened: 20, resolved: 30, plans: [{ ...time().plans[0]!, state: 'rolledBack', settled: 31 }] });
  const second = amendedRunbook(first, family, rolledBack, plans);
  expect(second.match(/^- 2026/gm)).toHaveLength(2);
  expect(second).toContain('## What did not help\n\n- Correct the selector: gone [#31]');
});

test('what people wrote into it stays', () => {
  const own = '# Ours\n\nAsk Kim first.\n\n## Seen\n\n- long ago\n\n## Contacts\n\nKim\n';
  const amended = amendedRunbook(own, family, time({ plans: [] }), plans);
  expect(amended).toContain('Ask Kim first.\n\n## Seen\n\n- long ago\n- 2026-04-01 10:00, prod');
  expect(amended).toContain('## Contacts\n\nKim');
});

test('the commands of a runbook are read as they stand; none is written that would show a secret', () => {
  expect(commandsIn(amendedRunbook(undefined, family, time(), plans))).toEqual([commandOf(spec)]);
  const create = commandOf({ type: 'create', target, manifest: { kind: 'ConfigMap' } }) ?? '';
  expect(
    commandsIn(
      `- x\n\n  \`\`\`sh\n${create
        .split('\n')
        .map((l) => `  ${l}`)
        .join('\n')}\n  kubectl get pods\n  \`\`\`\n`,
    ),
  ).toEqual([create, 'kubectl get pods']);
  expect(commandOf({ type: 'delete', target: { ...target, kind: 'Secret' } })).toBeUndefined();
});
