import type { Placed } from './fleet-plots.ts';
import { type Box, gridOf } from './layout.ts';

/**
 * From places to the screen and back. Frames and names keep their size on the screen however far one has zoomed in, so a box's room is what
 * its own frame leaves of it. Pure; sizes are CSS pixels.
 */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What part of the map is seen: its left upper corner on the screen, and how many times larger than the screen it is. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly w: number;
  readonly h: number;
}

export const HOME: View = { x: 0, y: 0, zoom: 1 };
export const MOST_ZOOM = 6_000;

type Level = Placed['level'];
export type MapBox = Box<Placed>;

/** Between siblings. */
const GAP: Readonly<Record<Level, number>> = { group: 12, cluster: 8, namespace: 4, workload: 2 };
const HEAD: Readonly<Record<Level, number>> = { group: 22, cluster: 24, namespace: 18, workload: 16 };
const PAD: Readonly<Record<Level, number>> = { group: 4, cluster: 5, namespace: 3, workload: 2 };
/** A box has a name from the first size on, and has it in full height from the second. */
const NAMED: Readonly<Record<Level, readonly [w: number, h: number]>> = {
  group: [90, 60],
  cluster: [56, 44],
  namespace: [52, 40],
  workload: [64, 34],
};
/** What is inside is drawn from this size on. */
export const OPENED = 7;
/** A pod is drawn by itself from this size on. */
export const POD_SEEN = 4;

const ramp = (value: number, from: number, to: number): number => Math.min(1, Math.max(0, (value - from) / (to - from)));

/** The height of the line with the name, 0 where there is no room for one. */
export function headOf(level: Level, w: number, h: number): number {
  const [leastW, leastH] = NAMED[level];
  return HEAD[level] * Math.min(ramp(w, leastW, leastW * 1.4), ramp(h, leastH, leastH * 1.6));
}

/** The room a box leaves to what is in it. */
export function roomOf(level: Level, { x, y, w, h }: Rect): Rect {
  const pad = Math.min(PAD[level], Math.min(w, h) * 0.04);
  const head = headOf(level, w, h);
  return { x: x + pad, y: y + head + pad, w: Math.max(0, w - 2 * pad), h: Math.max(0, h - head - 2 * pad) };
}

/** Where a box is, in the room of its parent. */
export function rectIn(room: Rect, box: MapBox): Rect {
  const w = room.w * box.w;
  const h = room.h * box.h;
  const gap = Math.min(GAP[box.item.level], Math.min(w, h) * 0.1);
  return { x: room.x + room.w * box.x + gap / 2, y: room.y + room.h * box.y + gap / 2, w: w - gap, h: h - gap };
}

/** Around the whole map. */
const MARGIN = 6;
export function rootRect({ x, y, zoom }: View, { w, h }: Size): Rect {
  return { x: x + MARGIN, y: y + MARGIN, w: w * zoom - 2 * MARGIN, h: h * zoom - 2 * MARGIN };
}

export const meets = (a: Rect, b: Rect): boolean => a.x < b.x + b.w && a.x + a.w > b.x && a.y < b.y + b.h && a.y + a.h > b.y;
export const holds = ({ x, y, w, h }: Rect, px: number, py: number): boolean => px >= x && px < x + w && py >= y && py < y + h;

/** Calls `visit` for each box from outside in; what it answers false for is not gone into. */
export function walk(boxes: readonly MapBox[], room: Rect, visit: (box: MapBox, rect: Rect) => boolean): void {
  for (const box of boxes) {
    const rect = rectIn(room, box);
    if (visit(box, rect) && box.children.length > 0) walk(box.children, roomOf(box.item.level, rect), visit);
  }
}

/** Whether what is in a box can be told apart at this size. */
export const isOpened = (rect: Rect): boolean => rect.w >= OPENED && rect.h >= OPENED;

/** Where the nth pod of a workload is in its room. */
export function podRect(room: Rect, box: MapBox, pods: number, n: number): Rect {
  const { columns, rows } = gridOf(pods, box.aspect);
  const [w, h] = [room.w / columns, room.h / rows];
  return { x: room.x + (n % columns) * w, y: room.y + Math.floor(n / columns) * h, w, h };
}

/** The box at a point and those around it, from outside in; and which pod, where pods are seen. */
export interface Hit {
  readonly path: readonly MapBox[];
  readonly rect: Rect;
  readonly pod: number | undefined;
}

export function hitAt(boxes: readonly MapBox[], view: View, size: Size, px: number, py: number): Hit | undefined {
  const path: MapBox[] = [];
  let room = rootRect(view, size);
  let found: Rect | undefined;
  for (let within = boxes; ;) {
    const box = within.find((b) => holds(rectIn(room, b), px, py));
    if (box === undefined) break;
    found = rectIn(room, box);
    path.push(box);
    if (!isOpened(found)) break;
    room = roomOf(box.item.level, found);
    within = box.children;
    if (box.item.level !== 'workload') continue;
    const pods = box.item.podHealth.length;
    const { columns, rows } = gridOf(pods, box.aspect);
    if (pods === 0 || room.w / columns < POD_SEEN || room.h / rows < POD_SEEN || !holds(room, px, py)) break;
    const n = Math.floor(((py - room.y) / room.h) * rows) * columns + Math.floor(((px - room.x) / room.w) * columns);
    return { path, rect: found, pod: n < pods ? n : undefined };
  }
  return found === undefined ? undefined : { path, rect: found, pod: undefined };
}

/** Where a box is, given the way to it. */
export function rectOf(path: readonly MapBox[], view: View, size: Size): Rect {
  let room = rootRect(view, size);
  let rect = room;
  for (const box of path) {
    rect = rectIn(room, box);
    room = roomOf(box.item.level, rect);
  }
  return rect;
}

/** The map always fills the screen. */
export function clampView({ x, y, zoom }: View, { w, h }: Size): View {
  const z = Math.min(MOST_ZOOM, Math.max(1, zoom));
  const keep = (at: number, side: number) => Math.min(0, Math.max(side * (1 - z), at));
  return { x: keep(x, w), y: keep(y, h), zoom: z };
}

/** Zooms so that what is under the point stays there. Frames do not grow with the rest, so the place is looked up again and put back. */
export function zoomAt(boxes: readonly MapBox[], view: View, size: Size, px: number, py: number, factor: number): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
  const scale = zoom / view.zoom;
  let next: View = { zoom, x: px - (px - view.x) * scale, y: py - (py - view.y) * scale };
  const hit = hitAt(boxes, view, size, px, py);
  const inner = hit?.path.at(-1);
  if (hit !== undefined && inner !== undefined) {
    const before = innerPoint(hit.path, view, size, px, py);
    const after = rectOf(hit.path, next, size);
    const room = roomOf(inner.item.level, after);
    next = { zoom, x: next.x + px - (room.x + before.u * room.w), y: next.y + py - (room.y + before.v * room.h) };
  }
  return clampView(next, size);
}

function innerPoint(path: readonly MapBox[], view: View, size: Size, px: number, py: number): { u: number; v: number } {
  const inner = path.at(-1);
  const rect = rectOf(path, view, size);
  const room = inner === undefined ? rect : roomOf(inner.item.level, rect);
  return { u: room.w > 0 ? (px - room.x) / room.w : 0, v: room.h > 0 ? (py - room.y) / room.h : 0 };
}

/** How much of the screen a box takes that was gone to. */
const FILL = 0.94;

/** The view in which a box, or a pod in it, fills the screen. Found in a few steps, for frames do not grow. */
export function viewOf(path: readonly MapBox[], size: Size, pod?: { readonly count: number; readonly n: number }): View {
  let view = HOME;
  const box = path.at(-1);
  if (box === undefined) return view;
  const now = (v: View): Rect => {
    const rect = rectOf(path, v, size);
    return pod === undefined ? rect : podRect(roomOf('workload', rect), box, pod.count, pod.n);
  };
  const fill = pod === undefined ? FILL : 0.4;
  for (let step = 0; step < 8; step++) {
    const rect = now(view);
    const factor = Math.min((size.w * fill) / Math.max(rect.w, 1e-6), (size.h * fill) / Math.max(rect.h, 1e-6));
    const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
    const scaled = now({ ...view, zoom });
    view = { zoom, x: view.x + size.w / 2 - (scaled.x + scaled.w / 2), y: view.y + size.h / 2 - (scaled.y + scaled.h / 2) };
  }
  return clampView(view, size);
}

/** The nearest of the rectangles in a direction: straight ahead counts more than aside. */
export type Direction = 'left' | 'right' | 'up' | 'down';
export function nearestIn<T>(from: Rect, all: readonly { readonly rect: Rect; readonly of: T }[], direction: Direction): T | undefined {
  const level = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const [cx, cy] = [from.x + from.w / 2, from.y + from.h / 2];
  let best: T | undefined;
  let least = Infinity;
  for (const { rect, of } of all) {
    const [dx, dy] = [rect.x + rect.w / 2 - cx, rect.y + rect.h / 2 - cy];
    const ahead = (level ? dx : dy) * sign;
    if (ahead <= 0.5) continue;
    const [low, high, ownLow, ownHigh] = level
      ? [rect.y, rect.y + rect.h, from.y, from.y + from.h]
      : [rect.x, rect.x + rect.w, from.x, from.x + from.w];
    // What lies beside it, even in part, is straight ahead.
    const aside = Math.max(0, Math.max(low - ownHigh, ownLow - high));
    const cost = ahead + aside * 4 + Math.abs(level ? dy : dx) * 0.3;
    if (aside > ahead * 2 || cost >= least) continue;
    least = cost;
    best = of;
  }
  return best;
}
