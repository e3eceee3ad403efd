import { expect, test } from 'vitest';
import { SHORTCUTS, hear, keysOf, refused, stroke } from './shortcuts.ts';

const press = (key: string, more: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) =>
  stroke({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('a press is named the same on every machine, and a key that only changes others is none', () => {
  expect([press('k', { ctrlKey: true }), press('K', { metaKey: true }), press('?'), press('G'), press('Shift')]).toEqual([
    'Mod+k',
    'Mod+k',
    '?',
    'g',
    undefined,
  ]);
});

test('two keys after another are one shortcut, and a second key that fits nothing is heard by itself', () => {
  expect(hear(undefined, 'g', SHORTCUTS)).toEqual({ begun: 'g' });
  expect(hear('g', 'i', SHORTCUTS)).toEqual({ does: 'go.incidents' });
  expect(hear('g', '?', SHORTCUTS)).toEqual({ does: 'help' });
  expect(hear(undefined, 'x', SHORTCUTS)).toEqual({ nothing: true });
});

test('changed keys take the place of those at first; an empty text switches off', () => {
  const changed = keysOf({ help: 'h', palette: '' });
  expect(hear(undefined, 'h', changed)).toEqual({ does: 'help' });
  expect(hear(undefined, '?', changed)).toEqual({ nothing: true });
  expect(hear(undefined, 'Mod+k', changed)).toEqual({ nothing: true });
});

test('keys of decisions and keys of others are refused, in words', () => {
  expect(refused('help', 'a', SHORTCUTS)).toContain('kept for decisions');
  expect(refused('help', 'g', SHORTCUTS)).toContain('Go to');
  expect(refused('help', 'w', SHORTCUTS)).toContain('waits longest');
  expect(refused('help', 'w x', SHORTCUTS)).toContain('waits longest');
  expect(refused('help', 'h', SHORTCUTS)).toBeUndefined();
  expect(refused('help', '?', SHORTCUTS)).toBeUndefined();
});

test('no two shortcuts are in the way of each other at first', () => {
  for (const { id, keys } of SHORTCUTS) expect(refused(id, keys, SHORTCUTS)).toBeUndefined();
});
