import { ageWords } from '../ui/age.tsx';
import { isLive } from '../state/cluster-words.ts';
import { BROKEN, CHANGING, DEGRADED, type Counts, type Health, OK, UNKNOWN, type Workload, pods, podsOf } from './fleet-model.ts';
import type { Placed, Site } from './fleet-plots.ts';
import {
  type MapBox,
  POD_SEEN,
  type Rect,
  type Size,
  type View,
  headOf,
  isOpened,
  meets,
  podRect,
  rectOf,
  roomOf,
  rootRect,
  walk,
} from './geometry.ts';
import { glyphOf, glyphs } from './glyphs.ts';
import { gridOf } from './layout.ts';
import { type Pin, type Reach, worstSeverity } from './marks.ts';
import { type Palette, toneOf } from './palette.ts';

/** What is drawn, all of it: the same scene is the same picture. */
export interface Scene {
  readonly boxes: readonly MapBox[];
  readonly view: View;
  readonly size: Size;
  readonly ratio: number;
  /** Milliseconds since 1970, for ages. */
  readonly now: number;
  /** Whether the page hears from its host. */
  readonly hears: boolean;
  readonly chosen: string | undefined;
  readonly hovered: Spot | undefined;
  readonly selected: Spot | undefined;
  readonly pins: readonly Pin[];
  readonly reach: Reach | undefined;
  /** The way to a place. */
  readonly pathOf: (key: string) => readonly MapBox[] | undefined;
}

/** One place: a box, or a pod in it. */
export interface Spot {
  readonly key: string;
  readonly pod: number | undefined;
}

/** What was drawn, for those who measure. */
export interface Drawn {
  readonly boxes: number;
  readonly pods: number;
}

const GLYPH_FROM = 9;
const TEXT_PX = 12;
const POD_NAME_FROM = 64;

/** Rectangles of one colour, filled together. */
class Pile {
  readonly #at: number[] = [];

  add({ x, y, w, h }: Rect): void {
    this.#at.push(x, y, w, h);
  }

  fill(ctx: CanvasRenderingContext2D, color: string | CanvasPattern): void {
    ctx.fillStyle = color;
    const at = this.#at;
    for (let i = 0; i < at.length; i += 4) ctx.fillRect(at[i] as number, at[i + 1] as number, at[i + 2] as number, at[i + 3] as number);
  }
}

/** Draws scenes on one canvas; keeps what is costly to make again. */
export class Painter {
  readonly #ctx: CanvasRenderingContext2D;
  #palette: Palette;
  #hatches = new Map<string, CanvasPattern>();
  readonly #widths = new Map<string, number>();

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    const ctx = canvas.getContext('2d', { alpha: false });
    if (ctx === null) throw new Error('this browser has no canvas');
    this.#ctx = ctx;
    this.#palette = palette;
  }

  set palette(palette: Palette) {
    this.#palette = palette;
    this.#hatches.clear();
    this.#widths.clear();
  }

  paint(scene: Scene): Drawn {
    const ctx = this.#ctx;
    const { size, ratio, view, boxes, hears } = scene;
    const palette = this.#palette;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = palette.ground;
    ctx.fillRect(0, 0, size.w, size.h);
    const screen: Rect = { x: 0, y: 0, ...size };
    const layers = new Layers();
    let live = true;
    const snap = this.#snapper(ratio);
    walk(boxes, rootRect(view, size), (box, rect) => {
      if (!meets(rect, screen)) return false;
      const { item } = box;
      layers.seen++;
      if (item.level === 'cluster') live = hears && isLive(item.row.state);
      if (item.level === 'workload') {
        this.#workload(item, box, snap(rect), live, layers, screen);
        return false;
      }
      const opened = isOpened(rect);
      const crisp = snap(rect);
      if (item.level === 'cluster') {
        (item.cluster === undefined || pods(item.cluster.counts) + item.cluster.workloads === 0 ? layers.blank : layers.clusters).add(
          crisp,
        );
        layers.sites.push([item, crisp, live]);
        if (!opened && item.cluster !== undefined) layers.share(item.cluster.counts, item.cluster.worst, crisp, live);
      } else if (item.level === 'namespace') {
        layers.namespaces.add(crisp);
        if (!opened) layers.share(item.counts, item.worst, crisp, live);
      } else if (!opened) layers.clusters.add(crisp);
      const head = headOf(item.level, rect.w, rect.h);
      if (head > 13) layers.heads.push([item, crisp, head, live]);
      return opened;
    });
    layers.blank.fill(ctx, palette.ground);
    layers.clusters.fill(ctx, palette.cluster);
    layers.namespaces.fill(ctx, palette.namespace);
    for (const health of [OK, UNKNOWN, CHANGING, DEGRADED, BROKEN] as const) layers.live[health].fill(ctx, toneOf(palette, health, true));
    for (const health of [OK, UNKNOWN, CHANGING, DEGRADED, BROKEN] as const) layers.past[health].fill(ctx, toneOf(palette, health, false));
    layers.seams.fill(ctx, palette.namespace);
    for (const [of, tone] of [
      [layers.badLive, true],
      [layers.badPast, false],
    ] as const)
      for (const health of [UNKNOWN, CHANGING, DEGRADED, BROKEN] as const) of[health].fill(ctx, toneOf(palette, health, tone));
    ctx.strokeStyle = palette.ground;
    ctx.lineWidth = 1.75;
    ctx.lineCap = 'round';
    ctx.stroke(layers.glyphs);
    this.#sites(layers, scene);
    this.#heads(layers, scene);
    this.#names(layers);
    this.#reach(scene);
    this.#outlines(scene);
    this.#pins(scene);
    return { boxes: layers.seen, pods: layers.pods };
  }

  #snapper(ratio: number): (rect: Rect) => Rect {
    return ({ x, y, w, h }) => {
      const [left, top] = [Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio];
      const least = 1 / ratio;
      return {
        x: left,
        y: top,
        w: Math.max(least, Math.round((x + w) * ratio) / ratio - left),
        h: Math.max(least, Math.round((y + h) * ratio) / ratio - top),
      };
    };
  }

  /** A block of pods where they can be told apart, else one cell with the share of what is not well. */
  #workload(item: Workload, box: MapBox, rect: Rect, live: boolean, layers: Layers, screen: Rect): void {
    const count = item.podHealth.length;
    const room = roomOf('workload', rect);
    const { columns, rows } = gridOf(count, box.aspect);
    const [w, h] = [room.w / columns, room.h / rows];
    const cell = Math.min(w, h);
    const head = headOf('workload', rect.w, rect.h);
    const isNamed = head > 12;
    if (isNamed) layers.workloads.push([item, rect, head, live]);
    if (count === 0 || cell < POD_SEEN) {
      const left = isNamed ? room : rect;
      layers.share(item.counts, item.worst, left, live);
      if (item.worst !== OK && Math.min(left.w, left.h) >= GLYPH_FROM + 3)
        glyphOf(layers.glyphs, item.worst, left.x + left.w - 6, left.y + left.h - 6, 6);
      return;
    }
    const whole = Math.floor(count / columns);
    const rest = count - whole * columns;
    const blocks = layers.cells(live)[OK];
    if (whole > 0) blocks.add({ x: room.x, y: room.y, w: room.w, h: whole * h });
    if (rest > 0) blocks.add({ x: room.x, y: room.y + whole * h, w: rest * w, h });
    const seam = cell < 7 ? 1 : Math.min(3, Math.max(1, cell * 0.1));
    const [fromColumn, toColumn] = [
      Math.max(1, Math.floor((screen.x - room.x) / w)),
      Math.min(columns - 1, Math.ceil((screen.x + screen.w - room.x) / w)),
    ];
    const [fromRow, toRow] = [
      Math.max(1, Math.floor((screen.y - room.y) / h)),
      Math.min(rows - 1, Math.ceil((screen.y + screen.h - room.y) / h)),
    ];
    for (let c = fromColumn; c <= toColumn; c++) layers.seams.add({ x: room.x + c * w - seam / 2, y: room.y, w: seam, h: room.h });
    for (let r = fromRow; r <= toRow; r++) layers.seams.add({ x: room.x, y: room.y + r * h - seam / 2, w: room.w, h: seam });
    layers.pods += count;
    const bad = layers.bad(live);
    const well = item.counts[OK] === count;
    const named = w >= POD_NAME_FROM && h >= 20;
    if (well && !named) return;
    for (let n = 0; n < count; n++) {
      const health = (item.podHealth.charCodeAt(n) - 48) as Health;
      if (health === OK && !named) continue;
      const [x, y] = [room.x + (n % columns) * w, room.y + Math.floor(n / columns) * h];
      if (x > screen.w || y > screen.h || x + w < 0 || y + h < 0) continue;
      if (health !== OK) bad[health].add({ x: x + seam / 2, y: y + seam / 2, w: Math.max(1, w - seam), h: Math.max(1, h - seam) });
      const size = Math.min(14, cell * 0.55);
      if (health !== OK && cell >= GLYPH_FROM) glyphOf(layers.glyphs, health, named ? x + 14 : x + w / 2, y + h / 2, size);
      if (named) layers.names.push([item, n, { x, y, w, h }, health]);
    }
  }

  #sites({ sites }: Layers, { now, chosen }: Scene): void {
    const ctx = this.#ctx;
    const palette = this.#palette;
    for (const [site, rect, live] of sites) {
      const { row } = site;
      const head = headOf('cluster', rect.w, rect.h);
      if (head > 6 && (row.protected || row.readOnly)) {
        ctx.fillStyle = this.#hatch(palette.line, row.protected);
        ctx.fillRect(rect.x, rect.y, rect.w, head);
      }
      const gone = row.state === 'offline' || row.state === 'unauthorised';
      if (gone || !live) {
        const band = Math.min(5, rect.w * 0.1, rect.h * 0.1);
        ctx.fillStyle = gone ? this.#hatch(palette.health[BROKEN], true) : this.#hatch(palette.lineStrong, true);
        const ring = new Path2D();
        ring.rect(rect.x, rect.y, rect.w, rect.h);
        ring.rect(rect.x + band, rect.y + band, rect.w - 2 * band, rect.h - 2 * band);
        if (gone) ctx.fill(ring, 'evenodd');
      }
      ctx.strokeStyle = gone ? palette.health[BROKEN] : palette.line;
      ctx.lineWidth = 1;
      if (!live) ctx.setLineDash([4, 3]);
      ctx.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1);
      ctx.setLineDash([]);
      if (row.color !== null && Math.min(rect.w, rect.h) > 8) {
        ctx.fillStyle = palette.mark(row.color);
        ctx.fillRect(rect.x, rect.y, 3, rect.h);
      }
      if (site.context === chosen) {
        ctx.strokeStyle = row.color === null ? palette.accent : palette.mark(row.color);
        ctx.lineWidth = 3;
        ctx.strokeRect(rect.x - 0.5, rect.y - 0.5, rect.w + 1, rect.h + 1);
      }
      const empty = site.cluster === undefined || site.cluster.workloads === 0;
      if (empty && rect.w > 70 && rect.h > 58)
        this.#text(emptyWords(site, now), rect.x + rect.w / 2, rect.y + head + (rect.h - head) / 2, rect.w - 16, {
          color: palette.text3,
          align: 'center',
        });
    }
  }

  #heads({ heads, workloads }: Layers, scene: Scene): void {
    const ctx = this.#ctx;
    const palette = this.#palette;
    for (const [item, rect, head, live] of heads) {
      // A name stays in sight while its place is.
      const left = Math.max(rect.x, 0) + 8 + (item.level === 'cluster' && item.row.color !== null ? 3 : 0);
      const right = Math.min(rect.x + rect.w, scene.size.w) - 8;
      const top = rect.y + head / 2 + 1;
      if (item.level === 'group') this.#text(item.name, left, top, right - left, { color: palette.text3 });
      else if (item.level === 'namespace') {
        const end = this.#bad(item.counts, right, top, live, right - left > 120);
        this.#text(item.name, left, top, end - left, { color: palette.text2 });
      } else if (item.level === 'cluster') {
        let end = right;
        if (item.row.state === 'connected' && live)
          end = this.#bad(item.cluster?.counts ?? [0, 0, 0, 0, 0], right, top, live, right - left > 150);
        else end = this.#badge(ageOf(item, scene.now), right, top, right - left);
        let marks = 0;
        for (const [on, path] of [
          [item.row.protected, glyphs().lock],
          [item.row.readOnly, glyphs().eye],
        ] as const) {
          if (!on || end - left < 60) continue;
          ctx.save();
          ctx.translate(left + marks, top - 7);
          ctx.scale(14 / 24, 14 / 24);
          ctx.strokeStyle = palette.text2;
          ctx.lineWidth = 2.4;
          ctx.stroke(path);
          ctx.restore();
          marks += 19;
        }
        const name = item.row.alias ?? item.context;
        this.#text(name, left + marks, top, end - left - marks, { color: live ? palette.text : palette.text2, weight: 600, size: 13 });
      }
    }
    for (const [item, rect, head] of workloads) {
      const left = Math.max(rect.x, 0) + 5;
      this.#text(item.name, left, rect.y + head / 2 + 1, Math.min(rect.x + rect.w, scene.size.w) - left - 5, {
        color: item.worst === OK ? palette.text3 : palette.text2,
        mono: true,
      });
      const room = roomOf('workload', rect);
      if (item.podHealth.length === 0 && item.worst === OK && room.w >= POD_NAME_FROM && room.h >= 20)
        this.#text('no pods', room.x + 7, room.y + room.h / 2, room.w - 13, { color: palette.text2 });
    }
  }

  #names({ names }: Layers): void {
    const palette = this.#palette;
    for (const [item, n, rect, health] of names) {
      const pod = podsOf(item)[n];
      if (pod === undefined) continue;
      const left = health === OK ? rect.x + 7 : rect.x + 26;
      const color = health === OK ? palette.text2 : palette.ground;
      const short = pod.name.startsWith(`${item.name}-`) ? pod.name.slice(item.name.length + 1) : pod.name;
      const room = rect.x + rect.w - left - 6;
      const two = rect.h >= 40 && pod.state !== '';
      this.#text(rect.w > 240 ? pod.name : short, left, rect.y + rect.h / 2 - (two ? 7 : 0), room, { color, mono: true });
      if (two) this.#text(pod.state, left, rect.y + rect.h / 2 + 9, room, { color });
    }
  }

  /** How many are broken and degraded, at the right end of a line; nothing where all is well. Returns where the line goes on. */
  #bad(counts: Counts, right: number, y: number, live: boolean, roomy: boolean): number {
    let end = right;
    if (!roomy) return end;
    for (const health of [BROKEN, DEGRADED] as const) {
      if (counts[health] === 0) continue;
      const text = String(counts[health]);
      const width = this.#width(text, `${TEXT_PX}px`, false);
      this.#text(text, end, y, 60, { color: toneOf(this.#palette, health, live), align: 'right' });
      const glyph = new Path2D();
      glyphOf(glyph, health, end - width - 8, y, 8);
      this.#ctx.strokeStyle = toneOf(this.#palette, health, live);
      this.#ctx.lineWidth = 1.75;
      this.#ctx.stroke(glyph);
      end -= width + 22;
    }
    return end - 4;
  }

  #badge(text: string, right: number, y: number, room: number): number {
    const width = this.#width(text, `${TEXT_PX}px`, false);
    if (text === '' || width + 50 > room) return right;
    this.#text(text, right, y, width + 2, { color: this.#palette.text3, align: 'right' });
    return right - width - 10;
  }

  #reach({ reach, pathOf, view, size }: Scene): void {
    if (reach === undefined) return;
    const ctx = this.#ctx;
    const { accent, health } = this.#palette;
    const each = (keys: ReadonlySet<string>, draw: (rect: Rect) => void) => {
      for (const key of keys) {
        const path = pathOf(key);
        if (path !== undefined) draw(atLeast(rectOf(path, view, size), 8));
      }
    };
    each(reach.dependents, (rect) => {
      ctx.globalAlpha = 0.4;
      ctx.fillStyle = this.#hatch(accent, false);
      ctx.fillRect(rect.x, rect.y, rect.w, rect.h);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = accent;
      ctx.lineWidth = 1;
      ctx.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1);
    });
    each(reach.targets, (rect) => {
      ctx.strokeStyle = accent;
      ctx.lineWidth = 3;
      ctx.strokeRect(rect.x - 1, rect.y - 1, rect.w + 2, rect.h + 2);
    });
    each(reach.forbidden, ({ x, y, w, h }) => {
      ctx.strokeStyle = health[BROKEN];
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x + w, y + h);
      ctx.moveTo(x + w, y);
      ctx.lineTo(x, y + h);
      ctx.stroke();
    });
  }

  #outlines(scene: Scene): void {
    const ctx = this.#ctx;
    for (const [spot, color, width] of [
      [scene.hovered, this.#palette.text2, 1],
      [scene.selected, this.#palette.accent, 2],
    ] as const) {
      const rect = spot === undefined ? undefined : spotRect(spot, scene);
      if (rect === undefined) continue;
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      const { x, y, w, h } = atLeast(rect, 6);
      ctx.strokeRect(x, y, w, h);
    }
  }

  /** Each pin on the innermost of its places that is large enough to carry one; those that meet are one with a number. */
  #pins(scene: Scene): void {
    const { pins, pathOf, view, size } = scene;
    const screen: Rect = { x: 0, y: 0, ...size };
    const groups = new Map<
      string,
      { rect: Rect; level: Placed['level']; severity: Parameters<typeof worstSeverity>[1] | undefined; incidents: number; plans: number }
    >();
    for (const pin of pins) {
      for (let i = pin.keys.length - 1; i >= 0; i--) {
        const key = pin.keys[i] as string;
        const path = pathOf(key);
        const box = path?.at(-1);
        if (path === undefined || box === undefined) continue;
        const rect = rectOf(path, view, size);
        if ((rect.w < 26 || rect.h < 22) && i > 0) continue;
        if (!meets(rect, screen)) break;
        let group = groups.get(key);
        if (group === undefined) groups.set(key, (group = { rect, level: box.item.level, severity: undefined, incidents: 0, plans: 0 }));
        if (pin.incident !== undefined) {
          group.incidents++;
          group.severity = worstSeverity(group.severity, pin.incident.severity);
        }
        if (pin.plan !== undefined) group.plans++;
        break;
      }
    }
    const ctx = this.#ctx;
    for (const { rect, level, severity, incidents, plans } of groups.values()) {
      const x = Math.min(rect.x + rect.w, size.w) - 11;
      const y = Math.min(Math.max(rect.y, 0) + (level === 'workload' ? 9 : headOf(level, rect.w, rect.h) + 11), rect.y + rect.h - 8);
      ctx.fillStyle = this.#palette.ground;
      ctx.beginPath();
      ctx.arc(x, y, 9.5, 0, Math.PI * 2);
      ctx.fill();
      if (plans > 0) {
        ctx.strokeStyle = this.#palette.accent;
        ctx.lineWidth = 2;
        ctx.stroke();
      }
      if (severity !== undefined) {
        ctx.save();
        ctx.translate(x - 6, y - 6);
        const tone = severity === 'critical' || severity === 'high' ? BROKEN : severity === 'medium' ? DEGRADED : UNKNOWN;
        ctx.fillStyle = this.#palette.health[tone];
        ctx.fill(glyphs().severity[severity]);
        ctx.restore();
      } else {
        ctx.fillStyle = this.#palette.accent;
        ctx.beginPath();
        ctx.arc(x, y, 3, 0, Math.PI * 2);
        ctx.fill();
      }
      const count = Math.max(incidents, plans);
      if (count > 1) {
        const text = String(count);
        const width = this.#width(text, `600 ${TEXT_PX}px`, false) + 8;
        ctx.fillStyle = this.#palette.ground;
        ctx.beginPath();
        ctx.roundRect(x - 10 - width, y - 8, width, 16, 8);
        ctx.fill();
        this.#text(text, x - 10 - width / 2, y + 1, 60, { color: this.#palette.text, align: 'center', weight: 600 });
      }
    }
  }

  #text(
    text: string,
    x: number,
    y: number,
    room: number,
    how: { color: string; align?: 'left' | 'right' | 'center'; weight?: number; size?: number; mono?: boolean },
  ): void {
    const { color, align = 'left', weight = 400, size = TEXT_PX, mono = false } = how;
    const font = `${weight} ${size}px`;
    const shown = this.#fitted(text, room, font, mono);
    if (shown === '') return;
    const ctx = this.#ctx;
    ctx.font = `${font} ${mono ? this.#palette.nameFace : this.#palette.textFace}`;
    ctx.fillStyle = color;
    ctx.textAlign = align;
    ctx.textBaseline = 'middle';
    ctx.direction = 'ltr';
    ctx.fillText(shown, x, y);
  }

  /** As much of a text as there is room for; the whole of it is on the card. */
  #fitted(text: string, room: number, font: string, mono: boolean): string {
    if (room < 18) return '';
    if (this.#width(text, font, mono) <= room) return text;
    // Whole signs: an emoji of several code points is not cut in two.
    const signs = text.length > 400 ? [...text.slice(0, 400)] : [...text];
    let [low, high] = [0, signs.length];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#width(`${signs.slice(0, middle).join('')}…`, font, mono) <= room) low = middle;
      else high = middle - 1;
    }
    return low < 2 ? '' : `${signs.slice(0, low).join('')}…`;
  }

  #width(text: string, font: string, mono: boolean): number {
    const key = `${mono ? 'm' : 't'}${font} ${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > 20_000) this.#widths.clear();
      this.#ctx.font = `${font} ${mono ? this.#palette.nameFace : this.#palette.textFace}`;
      this.#widths.set(key, (width = this.#ctx.measureText(text).width));
    }
    return width;
  }

  #hatch(color: string, rising: boolean): CanvasPattern | string {
    const key = `${color} ${rising ? '/' : '\\'}`;
    const known = this.#hatches.get(key);
    if (known !== undefined) return known;
    const tile = document.createElement('canvas');
    tile.width = tile.height = 16;
    const pen = tile.getContext('2d');
    if (pen === null) return color;
    pen.strokeStyle = color;
    pen.lineWidth = 3;
    for (const d of [-16, 0, 16]) {
      pen.moveTo(d, rising ? 16 : 0);
      pen.lineTo(d + 16, rising ? 0 : 16);
    }
    pen.stroke();
    const made = this.#ctx.createPattern(tile, 'repeat');
    if (made === null) return color;
    made.setTransform(new DOMMatrix().scale(0.5));
    this.#hatches.set(key, made);
    return made;
  }
}

type Piles = readonly [Pile, Pile, Pile, Pile, Pile];
const piles = (): Piles => [new Pile(), new Pile(), new Pile(), new Pile(), new Pile()];

/** What one frame gathers, to be drawn colour by colour. */
class Layers {
  readonly blank = new Pile();
  readonly clusters = new Pile();
  readonly namespaces = new Pile();
  readonly live = piles();
  readonly past = piles();
  readonly badLive = piles();
  readonly badPast = piles();
  readonly seams = new Pile();
  readonly glyphs = new Path2D();
  readonly sites: [Site, Rect, boolean][] = [];
  readonly heads: [Placed, Rect, number, boolean][] = [];
  readonly workloads: [Workload, Rect, number, boolean][] = [];
  readonly names: [Workload, number, Rect, Health][] = [];
  seen = 0;
  pods = 0;

  cells(live: boolean): Piles {
    return live ? this.live : this.past;
  }

  bad(live: boolean): Piles {
    return live ? this.badLive : this.badPast;
  }

  /** One cell for many: the part that is not well is coloured, from below, never too small to be seen. */
  share(counts: Counts, worst: Health, rect: Rect, live: boolean): void {
    this.cells(live)[OK].add(rect);
    if (worst === OK) return;
    const all = pods(counts);
    const part = all === 0 ? 1 : Math.max(0.18, (all - counts[OK]) / all);
    const height = Math.max(Math.min(3, rect.h), rect.h * part);
    this.bad(live)[worst].add({ x: rect.x, y: rect.y + rect.h - height, w: rect.w, h: height });
  }
}

const atLeast = ({ x, y, w, h }: Rect, least: number): Rect => ({
  x: w < least ? x + w / 2 - least / 2 : x,
  y: h < least ? y + h / 2 - least / 2 : y,
  w: Math.max(w, least),
  h: Math.max(h, least),
});

/** Where a spot is on the screen; undefined where it is not on the map any more. */
export function spotRect({ key, pod }: Spot, { pathOf, view, size }: Pick<Scene, 'pathOf' | 'view' | 'size'>): Rect | undefined {
  const path = pathOf(key);
  const box = path?.at(-1);
  if (path === undefined || box === undefined) return undefined;
  const rect = rectOf(path, view, size);
  const { item } = box;
  if (pod === undefined || item.level !== 'workload') return rect;
  return podRect(roomOf('workload', rect), box, item.podHealth.length, pod);
}

/** How old what is shown of a cluster is, in few words. */
function ageOf({ row, cluster }: Site, now: number): string {
  if (row.state === 'connecting') return 'reading…';
  const at = row.asOf === null ? cluster?.asOf : Date.parse(row.asOf);
  const words = { offline: 'offline', unauthorised: 'login refused', stale: 'stale', unknown: '', connected: '' }[row.state];
  return [words, at === undefined ? '' : `${ageWords(at, now)} ago`].filter((w) => w !== '').join(', ');
}

function emptyWords({ row, cluster }: Site, now: number): string {
  if (row.state === 'connecting') return 'Reading…';
  if (row.state === 'offline') return 'Cannot be reached';
  if (row.state === 'unauthorised') return 'Login refused';
  if (row.state === 'unknown') return row.asOf === null ? 'Never read' : `Not watched, as of ${ageWords(Date.parse(row.asOf), now)} ago`;
  return cluster === undefined ? 'Reading…' : 'Nothing runs here';
}
