import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The colours of both themes, measured as WCAG 2 says: text 4.5:1, glyphs and borders that carry meaning 3:1. */

const css = readFileSync(new URL('../../renderer/ui/tokens.css', import.meta.url), 'utf8');
const [dark = '', light = ''] = css.split('@media (prefers-color-scheme: light)');
const themes = { dark: colours(dark), light: colours(light) };

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

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('black on white is 21:1', () => expect(contrast('#000000', '#ffffff')).toBeCloseTo(21));

const grounds = ['surface-0', 'surface-1', 'surface-2'];
const texts = ['text-1', 'text-2', 'text-3', 'accent', 'degraded', 'broken', 'changing', 'unknown', 'well'];
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
  ['text-1', 'surface-3', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-alarm', 'alarm-press', 4.5],
  ['plus', 'plus-ground', 4.5],
  ['minus', 'minus-ground', 4.5],
  ['text-1', 'notice', 4.5],
  ['text-1', 'alarm', 4.5],
  ['text-2', 'alarm', 4.5],
  ...grounds.map((ground) => ['line-strong', ground, 3] as const),
] as const;

test.each(Object.entries(themes))('every text and meaningful border of the %s theme can be read', (_name, theme) => {
  const weak = pairs.flatMap(([text, ground, least]) => {
    const [a, b] = [theme.get(text), theme.get(ground)];
    if (a === undefined || b === undefined) return [`${text} or ${ground} is missing`];
    const ratio = contrast(a, b);
    return ratio >= least ? [] : [`${text} on ${ground}: ${ratio.toFixed(2)}, needs ${least}`];
  });
  expect(weak).toEqual([]);
});

test('both themes name the same colours', () => {
  expect([...themes.light.keys()].sort()).toEqual([...themes.dark.keys()].sort());
});
