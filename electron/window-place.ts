import { readFileSync, writeFileSync } from 'node:fs';

/** Where the window was, kept in `window.json` of the data directory. */

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface WindowPlace {
  readonly width: number;
  readonly height: number;
  /** Absent: the system chooses. */
  readonly x?: number;
  readonly y?: number;
  readonly maximized: boolean;
}

export const SMALLEST = { width: 640, height: 480 } as const;
const USUAL: WindowPlace = { width: 1360, height: 880, maximized: false };
/** So much of its title bar must lie on a screen, or nobody could take hold of it. Pixels. */
const GRIP = { width: 120, height: 40 } as const;

/** The place as kept, if a screen that is there now shows enough of it; the usual size otherwise, and where the file cannot be read. */
export function readPlace(file: string, screens: readonly Area[]): WindowPlace {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return USUAL;
  }
  const { x, y, width, height, maximized } = (typeof kept === 'object' && kept !== null ? kept : {}) as Readonly<Record<string, unknown>>;
  if (!isPixels(width) || !isPixels(height)) return USUAL;
  const size = { width: Math.max(width, SMALLEST.width), height: Math.max(height, SMALLEST.height), maximized: maximized === true };
  if (!isPixels(x) || !isPixels(y)) return size;
  return screens.some((screen) => showsGrip(screen, { x, y, ...size })) ? { ...size, x, y } : size;
}

/** A place that cannot be kept is no reason to say anything: the window opens where the system puts it. */
export function keepPlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, JSON.stringify(place));
  } catch {
    return;
  }
}

const isPixels = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 100_000;

function showsGrip(screen: Area, { x, y, width }: Area): boolean {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return seen >= GRIP.width && y >= screen.y && y + GRIP.height <= screen.y + screen.height;
}
