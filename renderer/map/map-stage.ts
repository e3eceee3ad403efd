import type { Group, Placed } from './fleet-plots.ts';
import { plotsOf } from './fleet-plots.ts';
import {
  type Direction,
  HOME,
  type MapBox,
  type Rect,
  type Size,
  type View,
  clampView,
  hitAt,
  meets,
  nearestIn,
  podRect,
  rectOf,
  roomOf,
  rootRect,
  viewOf,
  walk,
  zoomAt,
} from './geometry.ts';
import { gridOf, layOut } from './layout.ts';
import type { Pin, Reach } from './marks.ts';
import { Painter, type Scene, type Spot, spotRect } from './painter.ts';
import { readPalette } from './palette.ts';

/** What the page shows around the canvas, told when it changes. */
export interface Told {
  /** Boxes the screen is inside of, from outside in. */
  around(path: readonly Placed[]): void;
  hovered(spot: Spot | undefined, rect: Rect | undefined): void;
}

const MOVE_MS = 160;

/** The map on its canvas: what is shown of it, and where. Draws at most once a frame, and only when something is different. */
export class MapStage {
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: Painter;
  readonly #told: Told;
  #size: Size = { w: 0, h: 0 };
  #view: View = HOME;
  #boxes: readonly MapBox[] = [];
  #groups: readonly Group[] = [];
  #paths: Map<string, readonly MapBox[]> | undefined;
  #frame = 0;
  #moving: { from: View; to: View; begun: number } | undefined;
  #around = '';
  /** The place that was gone to and has not been left since; null after panning and zooming. */
  #goal: Spot | undefined | null = undefined;
  #still: boolean;
  #shape = -1;
  hovered: Spot | undefined;
  selected: Spot | undefined;
  pins: readonly Pin[] = [];
  reach: Reach | undefined;
  chosen: string | undefined;
  hears = true;
  /** How long the last laying out took, milliseconds. */
  layoutMs = 0;
  drawn = { boxes: 0, pods: 0, frames: 0 };

  constructor(canvas: HTMLCanvasElement, told: Told) {
    this.#canvas = canvas;
    this.#told = told;
    this.#painter = new Painter(canvas, readPalette(document));
    this.#still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  get boxes(): readonly MapBox[] {
    return this.#boxes;
  }
  get view(): View {
    return this.#moving?.to ?? this.#view;
  }
  get size(): Size {
    return this.#size;
  }

  /** The objects there are. They are placed anew only where something came, went or is meant to be larger. */
  show(groups: readonly Group[], shape: number): void {
    this.#groups = groups;
    const replaced = shape !== this.#shape;
    this.#shape = shape;
    this.#layOut(replaced);
    this.draw();
  }

  resize(size: Size): void {
    if (size.w === this.#size.w && size.h === this.#size.h) return;
    // What fills the screen goes on filling it.
    const inside = this.#size.w === 0 || this.#goal !== null ? undefined : this.#innermost();
    const goal = this.#goal ?? (inside === undefined ? undefined : { key: inside, pod: undefined });
    this.#size = size;
    this.#layOut(true);
    this.#view = this.#viewOf(goal);
    this.#moving = undefined;
    this.paintNow();
  }

  /** The tokens are others now. */
  repaint(): void {
    this.#painter.palette = readPalette(document);
    this.#still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.draw();
  }

  draw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#tick());
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
  }

  pathOf = (key: string): readonly MapBox[] | undefined => {
    if (this.#paths === undefined) {
      const paths = (this.#paths = new Map<string, readonly MapBox[]>());
      const put = (boxes: readonly MapBox[], way: readonly MapBox[]) => {
        for (const box of boxes) {
          const path = [...way, box];
          paths.set(box.item.key, path);
          put(box.children, path);
        }
      };
      put(this.#boxes, []);
    }
    return this.#paths.get(key);
  };

  itemOf(key: string): Placed | undefined {
    return this.pathOf(key)?.at(-1)?.item;
  }

  /** What is under a point; false where nothing is. */
  spotAt(x: number, y: number): Spot | undefined {
    const hit = hitAt(this.#boxes, this.#view, this.#size, x, y);
    const inner = hit?.path.at(-1);
    return inner === undefined ? undefined : { key: inner.item.key, pod: hit?.pod };
  }

  hover(x: number, y: number): void {
    this.#hoverAt(this.spotAt(x, y));
  }

  unhover(): void {
    this.#hoverAt(undefined);
  }

  #hoverAt(spot: Spot | undefined): void {
    if (spot?.key === this.hovered?.key && spot?.pod === this.hovered?.pod) return;
    this.hovered = spot;
    this.#told.hovered(spot, spot && this.rectOf(spot));
    this.draw();
  }

  rectOf(spot: Spot): Rect | undefined {
    return spotRect(spot, { pathOf: this.pathOf, view: this.#view, size: this.#size });
  }

  pan(dx: number, dy: number): void {
    this.#moving = undefined;
    this.#goal = null;
    this.#view = clampView({ ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy }, this.#size);
    this.draw();
  }

  zoom(factor: number, x = this.#size.w / 2, y = this.#size.h / 2): void {
    this.#moving = undefined;
    this.#goal = null;
    this.#view = zoomAt(this.#boxes, this.#view, this.#size, x, y, factor);
    this.draw();
  }

  /** Goes to a place, so that it fills the screen; undefined is the whole fleet. */
  go(spot: Spot | undefined): void {
    this.#goal = spot;
    this.#move(this.#viewOf(spot));
  }

  #viewOf(spot: Spot | undefined): View {
    const path = spot === undefined ? undefined : this.pathOf(spot.key);
    const box = path?.at(-1);
    const count = box?.item.level === 'workload' ? box.item.podHealth.length : 0;
    const pod = spot?.pod === undefined || count === 0 ? undefined : { count, n: spot.pod };
    return path === undefined ? HOME : viewOf(path, this.#size, pod);
  }

  /** Brings a place into sight where it is not, or is too small to be made out. */
  reveal(spot: Spot): void {
    const rect = this.rectOf(spot);
    if (rect === undefined) return;
    const { w, h } = this.#size;
    const seen = rect.x >= -1 && rect.y >= -1 && rect.x + rect.w <= w + 1 && rect.y + rect.h <= h + 1;
    if (rect.w < 8 || rect.h < 8) {
      const path = this.pathOf(spot.key) ?? [];
      this.go({ key: (spot.pod === undefined ? path.at(-2) : path.at(-1))?.item.key ?? spot.key, pod: undefined });
    } else if (!seen) {
      const to = this.view;
      const dx = rect.w > w ? w / 2 - (rect.x + rect.w / 2) : Math.max(8 - rect.x, Math.min(0, w - 8 - rect.x - rect.w));
      const dy = rect.h > h ? h / 2 - (rect.y + rect.h / 2) : Math.max(8 - rect.y, Math.min(0, h - 8 - rect.y - rect.h));
      this.#goal = null;
      this.#move(clampView({ ...to, x: to.x + dx, y: to.y + dy }, this.#size));
    }
  }

  /** The neighbour of a place in a direction, of its own kind. */
  neighbour(spot: Spot, direction: Direction): Spot | undefined {
    const path = this.pathOf(spot.key);
    const box = path?.at(-1);
    const from = this.rectOf(spot);
    if (path === undefined || box === undefined || from === undefined) return undefined;
    if (spot.pod !== undefined && box.item.level === 'workload') {
      const count = box.item.podHealth.length;
      const { columns } = gridOf(count, box.aspect);
      const step = { left: -1, right: 1, up: -columns, down: columns }[direction];
      const edge = (direction === 'left' && spot.pod % columns === 0) || (direction === 'right' && spot.pod % columns === columns - 1);
      const next = spot.pod + step;
      if (!edge && next >= 0 && next < count) return { key: spot.key, pod: next };
    }
    const all: { rect: Rect; of: MapBox }[] = [];
    walk(this.#boxes, rootRect(this.#view, this.#size), (one, rect) => {
      if (one.item.level === box.item.level && one !== box) all.push({ rect, of: one });
      return one.item.level !== box.item.level;
    });
    const found = nearestIn(from, all, direction);
    if (found === undefined) return undefined;
    if (spot.pod === undefined || found.item.level !== 'workload' || found.item.podHealth === '')
      return { key: found.item.key, pod: undefined };
    // Into the pods of the workload beside this one, where it is nearest.
    const count = found.item.podHealth.length;
    const room = roomOf('workload', rectOf(this.pathOf(found.item.key) ?? [], this.#view, this.#size));
    const pods = Array.from({ length: count }, (_, n) => ({ rect: podRect(room, found, count, n), of: n }));
    return { key: found.item.key, pod: nearestIn(from, pods, direction) ?? 0 };
  }

  /** What stands around a place; undefined for what stands in the fleet itself. */
  parentOf({ key, pod }: Spot): Spot | undefined {
    if (pod !== undefined) return { key, pod: undefined };
    const parent = this.pathOf(key)?.at(-2);
    return parent === undefined ? undefined : { key: parent.item.key, pod: undefined };
  }

  firstIn(key: string | undefined): Spot | undefined {
    const box = key === undefined ? undefined : this.pathOf(key)?.at(-1);
    if (box?.item.level === 'workload') return box.item.podHealth === '' ? undefined : { key: box.item.key, pod: 0 };
    const inside = key === undefined ? this.#boxes : (box?.children ?? []);
    // Of those in sight, if there are any.
    const seen = inside.find((b) => {
      const path = this.pathOf(b.item.key);
      return path !== undefined && meets(rectOf(path, this.view, this.#size), { x: 0, y: 0, ...this.#size });
    });
    const first = seen ?? inside[0];
    return first === undefined ? undefined : { key: first.item.key, pod: undefined };
  }

  /** Draws at once, in this very task. */
  paintNow(): void {
    const { w, h } = this.#size;
    if (w === 0 || h === 0) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(w * ratio), Math.round(h * ratio)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const scene: Scene = {
      boxes: this.#boxes,
      view: this.#view,
      size: this.#size,
      ratio,
      now: Date.now(),
      hears: this.hears,
      chosen: this.chosen,
      hovered: this.hovered,
      selected: this.selected,
      pins: this.pins,
      reach: this.reach,
      pathOf: this.pathOf,
    };
    const { boxes, pods } = this.#painter.paint(scene);
    this.drawn = { boxes, pods, frames: this.drawn.frames + 1 };
    this.#sayAround();
  }

  #tick(): void {
    this.#frame = 0;
    const moving = this.#moving;
    if (moving !== undefined) {
      const part = Math.min(1, (performance.now() - moving.begun) / MOVE_MS);
      const eased = 1 - (1 - part) ** 3;
      this.#view = between(moving.from, moving.to, eased);
      if (part < 1) this.draw();
      else this.#moving = undefined;
    }
    this.paintNow();
  }

  #move(to: View): void {
    if (this.#still) {
      this.#moving = undefined;
      this.#view = to;
    } else this.#moving = { from: this.#view, to, begun: performance.now() };
    this.draw();
  }

  #layOut(replaced: boolean): void {
    const { w, h } = this.#size;
    if (w === 0 || h === 0) return;
    const begun = performance.now();
    const boxes = layOut(plotsOf(this.#groups), w / h);
    this.layoutMs = performance.now() - begun;
    this.#boxes = boxes;
    this.#paths = undefined;
    if (!replaced) return;
    if (this.selected !== undefined && this.pathOf(this.selected.key) === undefined) this.selected = undefined;
    if (this.hovered !== undefined && this.pathOf(this.hovered.key) === undefined) this.#hoverAt(undefined);
  }

  /** The innermost box that fills most of the screen. */
  #innermost(): string | undefined {
    let inner: string | undefined;
    const { w, h } = this.#size;
    walk(this.#boxes, rootRect(this.#view, this.#size), (box, rect) => {
      const fills =
        rect.x < w / 2 && rect.x + rect.w > w / 2 && rect.y < h / 2 && rect.y + rect.h > h / 2 && (rect.w > w * 0.6 || rect.h > h * 0.6);
      if (fills && this.#view.zoom > 1.05) inner = box.item.key;
      return fills;
    });
    return inner;
  }

  #sayAround(): void {
    const inner = this.#innermost() ?? '';
    if (inner === this.#around) return;
    this.#around = inner;
    this.#told.around((this.pathOf(inner) ?? []).map((b) => b.item));
  }
}

/** Zooming by the same factor in the same time looks even; the place follows it. */
function between(from: View, to: View, part: number): View {
  const zoom = from.zoom * (to.zoom / from.zoom) ** part;
  const t = Math.abs(to.zoom - from.zoom) < 1e-6 ? part : (zoom - from.zoom) / (to.zoom - from.zoom);
  return { zoom, x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
}
