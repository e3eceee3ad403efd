import type { ContextColor } from '../../agents/contract/index.ts';
import type { Health } from './fleet-model.ts';

/** The tokens as the canvas takes them; read again when the theme changes. */
export interface Palette {
  readonly ground: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly cell: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly health: readonly [ok: string, changing: string, degraded: string, broken: string, unknown: string];
  readonly mark: (color: ContextColor) => string;
  readonly textFace: string;
  readonly nameFace: string;
}

export function readPalette(document: Document): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: token('surface-0'),
    cluster: token('surface-1'),
    namespace: token('surface-2'),
    cell: token('cell'),
    line: token('line'),
    lineStrong: token('line-strong'),
    text: token('text-1'),
    text2: token('text-2'),
    text3: token('text-3'),
    accent: token('accent'),
    onAccent: token('on-accent'),
    health: [token('cell'), token('changing'), token('degraded'), token('broken'), token('unknown')],
    mark: (color) => token(`mark-${color}`),
    textFace: token('text-face'),
    nameFace: token('name-face'),
  };
}

/** A colour of health; of what is not live all that is not well is grey, and its glyph says which. */
export const toneOf = (palette: Palette, health: Health, live: boolean): string =>
  health === 0 || live ? palette.health[health] : palette.lineStrong;
