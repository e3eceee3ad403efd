import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useSettings } from '../state/settings.ts';
import { type HeatCell, HEAT_WORDS, type Heat, cellAt, heatGrid, heatOf, placeOfCell, stepFrom } from './heat.ts';

const ROOM = 420;
const NAME_FROM = 70;

/** How full each is, on a canvas with keys of its own: arrows go from cell to cell, Enter opens. The table beside it says the same. */
export function HeatCanvas({ cells, label }: { cells: readonly HeatCell[]; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState<number | undefined>(undefined);
  const [paints, setPaints] = useState(0);
  const theme = useSettings((s) => s.theme);
  const grid = useMemo(() => heatGrid(cells.length, width, ROOM), [cells.length, width]);
  useEffect(() => {
    const room = box.current;
    if (room === null) return;
    const watch = new ResizeObserver(() => setWidth(room.clientWidth));
    watch.observe(room);
    const wishes = matchMedia('(prefers-color-scheme: light)');
    const again = () => setPaints((n) => n + 1);
    wishes.addEventListener('change', again);
    return () => {
      watch.disconnect();
      wishes.removeEventListener('change', again);
    };
  }, []);
  useEffect(() => {
    // The theme is on the document one effect later.
    const timer = setTimeout(() => {
      if (canvas.current !== null && width > 0) paint(canvas.current, cells, grid, width, at);
    });
    return () => clearTimeout(timer);
  }, [cells, grid, width, at, theme, paints]);

  const open = (i: number | undefined) => {
    const href = i === undefined ? undefined : cells[i]?.href;
    if (href !== undefined) window.location.hash = href;
  };
  const under = (event: PointerEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return cellAt(event.clientX - left, event.clientY - top, cells.length, grid);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = at === undefined && event.key.startsWith('Arrow') ? 0 : stepFrom(at ?? 0, event.key, cells.length, grid.columns);
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter') open(at);
    else if (event.key === 'Escape') setAt(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const chosen = at === undefined ? undefined : cells[at];
  return (
    <div ref={box} className="heat">
      <canvas
        ref={canvas}
        role="application"
        aria-label={`${label}: arrow keys go from one to the next, Enter opens`}
        aria-describedby="heat-said"
        tabIndex={0}
        data-cells={cells.length}
        onKeyDown={onKey}
        onPointerMove={(e) => setAt(under(e))}
        onPointerLeave={() => setAt(undefined)}
        onClick={() => open(at)}
      />
      <p id="heat-said" className="heat-said" role="status">
        {chosen === undefined ? '' : `${chosen.name}: ${chosen.words}`}
      </p>
      <Legend />
    </div>
  );
}

function Legend() {
  return (
    <ul className="heat-legend" aria-label="What the colours mean">
      {(Object.entries(HEAT_WORDS) as [Heat, string][]).map(([heat, words]) => (
        <li key={heat}>
          <span className={`heat-box heat-${heat}`} aria-hidden="true" /> {words}
        </li>
      ))}
    </ul>
  );
}

function paint(
  canvas: HTMLCanvasElement,
  cells: readonly HeatCell[],
  grid: ReturnType<typeof heatGrid>,
  width: number,
  at: number | undefined,
): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const dots = window.devicePixelRatio;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(grid.height * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${grid.height}px`;
  const ctx = canvas.getContext('2d');
  if (ctx === null) return;
  ctx.scale(dots, dots);
  const ground = token('surface-0');
  const tones: Readonly<Record<Heat, string>> = {
    well: token('cell'),
    warm: token('cell-warm'),
    degraded: token('degraded'),
    broken: token('broken'),
    unknown: ground,
  };
  const dark: Readonly<Record<Heat, string>> = {
    well: token('text-1'),
    warm: ground,
    degraded: ground,
    broken: ground,
    unknown: token('text-2'),
  };
  ctx.font = `12px ${token('text-face')}`;
  ctx.textBaseline = 'middle';
  cells.forEach((cell, i) => {
    const { x, y } = placeOfCell(i, grid);
    const heat = heatOf(cell.share);
    ctx.fillStyle = tones[heat];
    ctx.fillRect(x, y, grid.wide, grid.high);
    if (heat === 'unknown') {
      ctx.strokeStyle = token('line-strong');
      ctx.lineWidth = 1;
      ctx.strokeRect(x + 0.5, y + 0.5, grid.wide - 1, grid.high - 1);
    }
    ctx.fillStyle = dark[heat];
    const percent = cell.share === undefined ? '?' : `${Math.round(100 * cell.share)} %`;
    if (grid.wide >= NAME_FROM) {
      const middle = grid.high / 2;
      const two = grid.high >= 34;
      ctx.fillText(fitted(ctx, cell.name, grid.wide - 12), x + 6, y + (two ? middle - 8 : middle));
      if (two) ctx.fillText(percent, x + 6, y + middle + 8);
    } else if (heat === 'broken' || heat === 'degraded') {
      // A mark for who does not see the colour.
      ctx.fillText(heat === 'broken' ? '!' : '·', x + grid.wide / 2 - 2, y + grid.high / 2);
    }
    if (i === at) {
      ctx.strokeStyle = token('accent');
      ctx.lineWidth = 2;
      ctx.strokeRect(x + 1, y + 1, grid.wide - 2, grid.high - 2);
    }
  });
}

function fitted(ctx: CanvasRenderingContext2D, text: string, wide: number): string {
  if (ctx.measureText(text).width <= wide) return text;
  let end = text.length;
  while (end > 1 && ctx.measureText(`${text.slice(0, end)}…`).width > wide) end--;
  return `${text.slice(0, end)}…`;
}
