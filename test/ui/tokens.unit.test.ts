import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONTEXT_COLORS } from '../../agents/contract/contexts.ts';

/** The colours of each theme, measured as WCAG 2 says: text 4.5:1 (high contrast 7:1), glyphs and borders that carry meaning 3:1. */

const css = readFileSync(new URL('../../renderer/ui/tokens.css', import.meta.url), 'utf8');
const [dark = '', light = '', contrast = ''] = css.split(/:root\[data-theme='\w+'\]/);
const themes = { dark: colours(dark), light: colours(light), contrast: colours(contrast) };

function colours(block: string): ReadonlyMap<string, string> {
  return new Map([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('black on white is 21:1', () => expect(ratio('#000000', '#ffffff')).toBeCloseTo(21));

const grounds = ['surface-0', 'surface-1', 'surface-2'];
const texts = ['text-1', 'text-2', 'text-3', 'accent', 'degraded', 'broken', 'changing', 'unknown', 'well'];
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
  ['text-1', 'surface-3', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-alarm', 'alarm-press', 4.5],
  ['plus', 'plus-ground', 4.5],
  ['minus', 'minus-ground', 4.5],
  ['text-1', 'plus-strong', 4.5],
  ['text-1', 'minus-strong', 4.5],
  ['plus', 'surface-0', 4.5],
  ['minus', 'surface-0', 4.5],
  ['text-1', 'cell', 4.5],
  ['surface-0', 'cell-warm', 4.5],
  ['text-1', 'notice', 4.5],
  ['text-1', 'alarm', 4.5],
  ['text-2', 'alarm', 4.5],
  ...['line-strong', ...CONTEXT_COLORS.map((c) => `mark-${c}`)].flatMap((line) => grounds.map((ground) => [line, ground, 3] as const)),
] as const;

test.each(Object.entries(themes))('every text and meaningful border of the %s theme can be read', (name, theme) => {
  const weak = pairs.flatMap(([text, ground, least]) => {
    const [a, b] = [theme.get(text), theme.get(ground)];
    if (a === undefined || b === undefined) return [`${text} or ${ground} is missing`];
    const [measured, needed] = [ratio(a, b), name === 'contrast' && least === 4.5 ? 7 : least];
    return measured >= needed ? [] : [`${text} on ${ground}: ${measured.toFixed(2)}, needs ${needed}`];
  });
  expect(weak).toEqual([]);
});

test('all themes name the same colours', () => {
  expect([...themes.light.keys()].sort()).toEqual([...themes.dark.keys()].sort());
  expect([...themes.contrast.keys()].sort()).toEqual([...themes.dark.keys()].sort());
});
