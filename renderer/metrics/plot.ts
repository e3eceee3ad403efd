import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type SignalUnit, valueWords } from '../../agents/contract/index.ts';
import type { Columns } from './columns.ts';
import type { Mark } from './marks.ts';

/** One chart on its canvas. Whatever of it is told in words stands beside it; this only draws. */

export interface PlotLine {
  readonly key: string;
  readonly tone: number | 'bad';
  readonly limit: boolean;
}

export interface PlotBand {
  readonly at: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface PlotShape {
  readonly unit: SignalUnit;
  readonly lines: readonly PlotLine[];
  readonly columns: Columns;
  readonly bounds: readonly { readonly words: string; readonly value: number }[];
  readonly band: PlotBand | undefined;
  readonly marks: readonly Mark[];
}

interface Tokens {
  readonly text: string;
  readonly line: string;
  readonly change: string;
  readonly incident: string;
  readonly limit: string;
  readonly band: string;
  readonly lines: readonly string[];
  readonly face: string;
}

/** Of lines that mean nothing by their colour; the first is that of the one line most charts have. */
export const LINE_TOKENS = [
  'accent',
  'mark-orange',
  'mark-teal',
  'mark-purple',
  'mark-yellow',
  'mark-green',
  'mark-red',
  'mark-gray',
] as const;

function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token('text-3'),
    line: token('line'),
    change: token('changing'),
    incident: token('broken'),
    limit: token('text-2'),
    band: token('accent'),
    lines: LINE_TOKENS.map(token),
    face: token('text-face'),
  };
}

/** A limit this many times above all that was measured is said in words alone: the line would be all there is to see. */
const FAR_LIMIT = 5;
const MARK_PX = 84;
const BAND_OPACITY = 0.16;

export class Plot {
  readonly #box: HTMLElement;
  readonly #pointed: (t: number | undefined) => void;
  readonly #range: () => readonly [number, number];
  #shape: PlotShape;
  #tokens = readTokens();
  #plot: UPlot;
  #drawn = '';
  /** Scrolled out of sight: what is moved meanwhile is drawn when it comes back. */
  #seen = true;
  #stale = false;

  constructor(box: HTMLElement, shape: PlotShape, range: () => readonly [number, number], pointed: (t: number | undefined) => void) {
    this.#box = box;
    this.#shape = shape;
    this.#range = range;
    this.#pointed = pointed;
    this.#plot = this.#make();
  }

  show(shape: PlotShape): void {
    this.#shape = shape;
    if (keysOf(shape) !== this.#drawn) this.#again();
    else this.#plot.setData(dataOf(shape), true);
  }

  /** The window has moved. */
  moved(): void {
    if (!this.#seen) {
      this.#stale = true;
      return;
    }
    const [min, max] = this.#range();
    this.#plot.setScale('x', { min, max });
  }

  seen(seen: boolean): void {
    this.#seen = seen;
    if (!seen || !this.#stale) return;
    this.#stale = false;
    this.moved();
  }

  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (width > 0 && (width !== this.#plot.width || height !== this.#plot.height)) this.#plot.setSize({ width, height });
  }

  /** The theme has changed. */
  repaint(): void {
    this.#tokens = readTokens();
    this.#again();
  }

  /** The crosshair at a moment; undefined takes it away. */
  point(t: number | undefined): void {
    const left = t === undefined ? -10 : this.#plot.valToPos(t, 'x');
    this.#plot.setCursor({ left, top: t === undefined ? -10 : this.#plot.over.clientHeight / 2 }, false);
  }

  /** Where things lie, for who moves it by hand. */
  get over(): HTMLElement {
    return this.#plot.over;
  }

  /** Points of the fullest line within the window, and the pixels they have. */
  drawn(): { readonly points: number; readonly wide: number } {
    const [from, to] = this.#range();
    const { at, values } = this.#shape.columns;
    const counts = values.map((column) => column.filter((v, i) => typeof v === 'number' && at[i]! >= from && at[i]! <= to).length);
    return { points: Math.max(0, ...counts), wide: this.#plot.over.clientWidth };
  }

  close(): void {
    this.#plot.destroy();
  }

  #again(): void {
    this.#plot.destroy();
    this.#plot = this.#make();
  }

  #make(): UPlot {
    this.#drawn = keysOf(this.#shape);
    const { text, line, lines, limit, incident, face } = this.#tokens;
    const { unit } = this.#shape;
    const axis = { stroke: text, font: `12px ${face}`, ticks: { show: false }, grid: { stroke: line, width: 1 } } as const;
    return new UPlot(
      {
        width: Math.max(50, this.#box.clientWidth),
        height: Math.max(50, this.#box.clientHeight),
        ms: 1,
        // A time at the very right is written whole.
        padding: [18, 26, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 } },
        scales: {
          x: { time: true, range: () => [...this.#range()] as [number, number] },
          y: { range: (_plot, least, most) => this.#heights(least, most) },
        },
        axes: [
          { ...axis, space: 64, values: (_plot, ticks) => ticks.map((t) => clockOf(t, this.#range())) },
          {
            ...axis,
            size: 74,
            space: 30,
            ...(unit.startsWith('bytes') ? { incrs: BYTE_STEPS } : unit === 'count' ? { incrs: COUNT_STEPS } : {}),
            values: (_plot, ticks) => ticks.map((t) => valueWords(unit, t)),
          },
        ],
        series: [
          {},
          ...this.#shape.lines.map(({ tone, limit: isLimit }) => ({
            stroke: isLimit ? limit : tone === 'bad' ? incident : (lines[tone % lines.length] ?? text),
            width: isLimit ? 1 : 1.5,
            ...(isLimit ? { dash: [6, 4] } : {}),
            points: { show: false },
          })),
        ],
        hooks: {
          drawAxes: [(plot) => this.#drawBand(plot)],
          draw: [(plot) => this.#drawOver(plot)],
          setCursor: [(plot) => this.#pointed((plot.cursor.left ?? -1) < 0 ? undefined : plot.posToVal(plot.cursor.left ?? 0, 'x'))],
        },
      },
      dataOf(this.#shape),
      this.#box,
    );
  }

  #heights(least: number | null, most: number | null): [number, number] {
    const { bounds, band } = this.#shape;
    const [from, to] = this.#range();
    let top = most ?? 0;
    for (const { value } of bounds) if (value <= FAR_LIMIT * Math.max(top, most ?? 0)) top = Math.max(top, value);
    if (band !== undefined)
      band.high.forEach((high, i) => band.at[i]! >= from && band.at[i]! <= to && high < 3 * top && (top = Math.max(top, high)));
    return [Math.min(0, least ?? 0), top > 0 ? top * 1.08 : 1];
  }

  #drawBand(plot: UPlot): void {
    const { band } = this.#shape;
    if (band === undefined || band.at.length < 2) return;
    const { ctx, bbox } = plot;
    const y = (value: number) => Math.max(bbox.top, Math.min(bbox.top + bbox.height, plot.valToPos(value, 'y', true)));
    const x = (t: number) => plot.valToPos(t, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.beginPath();
    band.at.forEach((t, i) => ctx.lineTo(x(t), y(band.high[i]!)));
    for (let i = band.at.length - 1; i >= 0; i--) ctx.lineTo(x(band.at[i]!), y(band.low[i]!));
    ctx.closePath();
    ctx.globalAlpha = BAND_OPACITY;
    ctx.fillStyle = this.#tokens.band;
    ctx.fill();
    ctx.restore();
  }

  #drawOver(plot: UPlot): void {
    const { ctx, bbox } = plot;
    const dots = window.devicePixelRatio;
    const { text, change, incident, limit, face } = this.#tokens;
    ctx.save();
    ctx.font = `${11 * dots}px ${face}`;
    ctx.lineWidth = dots;
    for (const { value, words } of this.#shape.bounds) {
      const y = Math.round(plot.valToPos(value, 'y', true));
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.setLineDash([6 * dots, 4 * dots]);
      stroke(ctx, limit, [bbox.left, y], [bbox.left + bbox.width, y]);
      ctx.fillStyle = text;
      ctx.textAlign = 'left';
      ctx.textBaseline = y - bbox.top < 16 * dots ? 'top' : 'bottom';
      ctx.fillText(words, bbox.left + 4 * dots, y + (ctx.textBaseline === 'top' ? 3 : -3) * dots);
    }
    ctx.setLineDash([2 * dots, 3 * dots]);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    let free = Number.NEGATIVE_INFINITY;
    for (const { at, tone, words } of this.#shape.marks) {
      const x = Math.round(plot.valToPos(at, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      const colour = tone === 'change' ? change : incident;
      stroke(ctx, colour, [x, bbox.top], [x, bbox.top + bbox.height]);
      const wide = ctx.measureText(words).width;
      const begins = Math.max(bbox.left, Math.min(x, bbox.left + bbox.width - wide));
      // Where there is no room for the words the stroke is drawn alone; the list below has them.
      if (begins < free || wide > 2 * MARK_PX * dots) continue;
      free = begins + wide + 8 * dots;
      ctx.fillStyle = colour;
      ctx.fillText(words, begins, bbox.top - 3 * dots);
    }
    ctx.restore();
  }
}

/** Bytes are counted in powers of two, and so are their steps. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, i) => 2 ** i);
/** Of what is counted there is no half. */
const COUNT_STEPS = Array.from({ length: 10 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** i)).flat();
const DAY = 24 * 3_600_000;

function clockOf(t: number, [from, to]: readonly [number, number]): string {
  const date = new Date(t);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  return to - from > 2 * DAY || (midnight && to - from > DAY / 2)
    ? date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function stroke(ctx: CanvasRenderingContext2D, colour: string, from: readonly [number, number], to: readonly [number, number]): void {
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

const keysOf = ({ lines, unit }: PlotShape): string => `${unit} ${lines.map((l) => `${l.key} ${l.tone} ${l.limit}`).join('\n')}`;
const dataOf = ({ columns }: PlotShape): UPlot.AlignedData => [columns.at, ...columns.values] as unknown as UPlot.AlignedData;
