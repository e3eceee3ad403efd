import type { Severity } from '../../agents/contract/index.ts';
import { BROKEN, CHANGING, DEGRADED, type Health } from './fleet-model.ts';

/** Signs on the map, each to be told apart without its colour. */

/** Adds the sign of a health to the path that is being drawn, in a square of `size` around a point. */
export function glyphOf(path: Path2D, health: Health, x: number, y: number, size: number): void {
  const r = size / 2;
  switch (health) {
    case BROKEN:
      path.moveTo(x - r * 0.7, y - r * 0.7);
      path.lineTo(x + r * 0.7, y + r * 0.7);
      path.moveTo(x + r * 0.7, y - r * 0.7);
      path.lineTo(x - r * 0.7, y + r * 0.7);
      return;
    case DEGRADED:
      path.moveTo(x, y - r * 0.85);
      path.lineTo(x, y + r * 0.2);
      path.moveTo(x, y + r * 0.75);
      path.lineTo(x, y + r * 0.85);
      return;
    case CHANGING:
      path.moveTo(x + r * 0.7, y);
      path.arc(x, y, r * 0.7, 0, Math.PI * 1.5);
      return;
    default:
      path.moveTo(x - r * 0.75, y);
      path.lineTo(x + r * 0.75, y);
  }
}

/** The shapes of severities as everywhere else in the app, on a field of 12. */
const SHAPES: Readonly<Record<Severity, string>> = {
  critical: 'M6 0.5l5.5 5.5L6 11.5 0.5 6z',
  high: 'M6 1l5.5 10H0.5z',
  medium: 'M1.5 1.5h9v9h-9z',
  low: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9',
  info: 'M6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6',
};
const LOCK = 'M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM7 11V7a5 5 0 0 1 10 0v4';
const EYE =
  'M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0M15 12a3 3 0 1 1-6 0a3 3 0 1 1 6 0';

export interface Glyphs {
  readonly severity: Readonly<Record<Severity, Path2D>>;
  /** Lines on a field of 24. */
  readonly lock: Path2D;
  readonly eye: Path2D;
}

let made: Glyphs | undefined;
export function glyphs(): Glyphs {
  made ??= {
    severity: Object.fromEntries(Object.entries(SHAPES).map(([name, path]) => [name, new Path2D(path)])) as Record<Severity, Path2D>,
    lock: new Path2D(LOCK),
    eye: new Path2D(EYE),
  };
  return made;
}
