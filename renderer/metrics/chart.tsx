import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { valueWords } from '../../agents/contract/index.ts';
import { useSettings } from '../state/settings.ts';
import { Problem } from '../ui/problem.tsx';
import { columnsOf, spanAt } from './columns.ts';
import { type Mark, marksWithin } from './marks.ts';
import type { Panel } from './panels.ts';
import { LINE_TOKENS, Plot, type PlotShape } from './plot.ts';
import { type TimeWindow, useSettled } from './time-window.ts';
import { TableTwin } from './table-twin.tsx';
import { type Loaded, useChart } from './use-chart.ts';
import { type NamedLine, capital, lineWords, momentWords, valueAt } from './words.ts';

/** All charts of a page show the same moment when one of them is pointed at. */
export interface Pointed {
  readonly tell: (t: number | undefined, by: object) => void;
  readonly hear: (told: (t: number | undefined, by: object) => void) => () => void;
}

interface ChartProps {
  readonly context: string;
  readonly panel: Panel;
  readonly window: TimeWindow;
  readonly pointed: Pointed;
  readonly marks: readonly Mark[];
  /** Told once it was read: whether there is anything of it. */
  readonly found: (id: string, any: boolean) => void;
}

/** What the axis and the margin take of the width. */
const AXIS_PX = 84;

/** One chart: on a canvas for eyes and pointers, by arrow keys, in a line of words, and as a table. */
export function Chart({ context, panel, window, pointed, marks, found }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const { loaded, failure, again } = useChart(context, panel, window, width);
  useEffect(() => {
    const room = box.current;
    if (room === null) return;
    // A few pixels more or less are no reason to read anew.
    const watch = new ResizeObserver(() => setWidth(Math.max(100, Math.floor((room.clientWidth - AXIS_PX) / 50) * 50)));
    watch.observe(room);
    return () => watch.disconnect();
  }, []);
  const any = loaded === undefined ? undefined : loaded.chart.lines.some((l) => panel.lines[l.of]?.limit !== true);
  useEffect(() => {
    if (any !== undefined) found(panel.id, any);
  }, [any, found, panel.id]);
  return (
    <figure className="chart" aria-label={panel.title} hidden={any === false}>
      <div ref={box} className="chart-room">
        {loaded !== undefined && any === true ? (
          <Drawn panel={panel} loaded={loaded} window={window} pointed={pointed} marks={marks} />
        ) : (
          <>
            <figcaption>
              <h3>{panel.title}</h3>
            </figcaption>
            <p className="chart-waits hint">{failure === undefined && 'Reading…'}</p>
          </>
        )}
      </div>
      {failure !== undefined && (
        <>
          <Problem failure={failure} />
          <button type="button" onClick={again}>
            Read again
          </button>
        </>
      )}
    </figure>
  );
}

function Drawn({ panel, loaded, window, pointed, marks }: Omit<ChartProps, 'context' | 'found'> & { loaded: Loaded }) {
  const { unit, bounds } = panel;
  const surface = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const theme = useSettings((s) => s.theme);
  const settled = useSettled(window);
  const [me] = useState(() => ({}));
  const [at, setAt] = useState<number | undefined>(undefined);
  const lines = useMemo(() => namedLines(panel, loaded), [panel, loaded]);
  const shape = useMemo<PlotShape>(
    () => ({
      unit,
      bounds,
      marks,
      lines: lines.map(({ key, tone, limit }) => ({ key, tone, limit })),
      columns: columnsOf(lines, loaded.step),
      band: loaded.expected === undefined ? undefined : bandOf(loaded.expected),
    }),
    [unit, bounds, marks, lines, loaded],
  );
  const say = useRef((_t: number | undefined) => undefined as void);
  useEffect(() => {
    say.current = (t) => {
      const out = readout.current;
      if (out === null) return;
      out.textContent = t === undefined ? newestWords(lines, unit, loaded.step) : pointedWords(lines, t, loaded.step, panel);
    };
    say.current(undefined);
  }, [lines, unit, loaded.step, panel]);

  const first = useRef(shape);
  useEffect(() => {
    const room = surface.current;
    if (room === null) return;
    const range = () => [window.shown.from, window.shown.to] as const;
    const made = new Plot(room, first.current, range, (t) => pointed.tell(t, me));
    plot.current = made;
    Object.assign(room, { plot: made });
    const size = new ResizeObserver(() => made.fit());
    size.observe(room);
    const sight = new IntersectionObserver(([entry]) => made.seen(entry?.isIntersecting !== false));
    sight.observe(room);
    let frame = 0;
    const offs = [
      window.onMove(() => {
        // Many moves in one frame are one drawing.
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => made.moved());
      }),
      pointed.hear((t, by) => {
        say.current(t);
        if (by !== me) made.point(t);
      }),
    ];
    const wishes = matchMedia('(prefers-color-scheme: light)');
    const again = () => made.repaint();
    wishes.addEventListener('change', again);
    void document.fonts.ready.then(again);
    return () => {
      cancelAnimationFrame(frame);
      for (const off of offs) off();
      size.disconnect();
      sight.disconnect();
      wishes.removeEventListener('change', again);
      plot.current = undefined;
      made.close();
    };
  }, [window, pointed, me]);
  useEffect(() => {
    first.current = shape;
    plot.current?.show(shape);
  }, [shape]);
  useEffect(() => {
    // The theme is on the document one effect later.
    const timer = setTimeout(() => plot.current?.repaint());
    return () => clearTimeout(timer);
  }, [theme]);

  const step = (by: number) => {
    const { from, to } = window.shown;
    const times = shape.columns.at;
    const now = at ?? to;
    const next = by > 0 ? times.find((t) => t > now) : times.findLast((t) => t < now);
    const t = Math.max(from, Math.min(to, Math.abs(by) > 1 ? now + (by * (to - from)) / 100 : (next ?? now)));
    setAt(t);
    plot.current?.point(t);
    pointed.tell(t, me);
  };
  const onKey = (event: KeyboardEvent) => {
    const { from, to } = window.shown;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 }[event.key];
    if (way !== undefined && event.shiftKey) window.move((way * (to - from)) / 10, Date.now());
    else if (way !== undefined) step(way);
    else if (event.key === 'Home' || event.key === 'End') {
      setAt(event.key === 'Home' ? from : to);
      plot.current?.point(event.key === 'Home' ? from : to);
      pointed.tell(event.key === 'Home' ? from : to, me);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = () => {
    setAt(undefined);
    plot.current?.point(undefined);
    pointed.tell(undefined, me);
  };
  const drag = useDrag(window, plot);
  const told = { unit, from: settled.from, to: settled.to, now: Date.now() };
  const moment = at ?? settled.to;
  return (
    <>
      <figcaption>
        <h3>{panel.title}</h3>
        <span ref={readout} className="chart-readout" aria-hidden="true" />
      </figcaption>
      <div
        ref={surface}
        className="chart-surface"
        role="slider"
        tabIndex={0}
        aria-label={`${panel.title}: a moment. Arrow keys move it, with Shift they move the time that is shown`}
        aria-valuemin={Math.round(settled.from / 1000)}
        aria-valuemax={Math.round(settled.to / 1000)}
        aria-valuenow={Math.round(moment / 1000)}
        aria-valuetext={pointedWords(lines, moment, loaded.step, panel)}
        onKeyDown={onKey}
        onBlur={leave}
        {...drag}
      />
      {lines.length > 1 && (
        <ul className="chart-legend">
          {lines.map((l) => (
            <li key={l.key}>
              <svg width="14" height="8" aria-hidden="true">
                <line
                  x1="0"
                  y1="4"
                  x2="14"
                  y2="4"
                  strokeWidth="2"
                  className={l.limit ? 'stroke-ink-2' : l.tone === 'bad' ? 'stroke-broken' : `line-${l.tone % LINE_TOKENS.length}`}
                  strokeDasharray={l.limit ? '4 3' : undefined}
                />
              </svg>
              {l.words}
            </li>
          ))}
        </ul>
      )}
      <p className="chart-words">
        {lines.map((l) => lineWords(l, told)).join(' ')}
        {bounds.map((b) => ` ${capital(b.words)} ${valueWords(unit, b.value)}.`).join('')}
        {loaded.expected !== undefined && ` ${expectedWords(loaded.expected, panel)}`}
        {loaded.chart.truncated && ' There are more series than one chart shows.'}
      </p>
      <TableTwin
        title={panel.title}
        lines={lines}
        unit={unit}
        step={loaded.step}
        from={settled.from}
        to={settled.to}
        marks={marksWithin(marks, settled.from, settled.to)}
      />
    </>
  );
}

/** The time is taken in the hand. */
function useDrag(window: TimeWindow, plot: { readonly current: Plot | undefined }) {
  const held = useRef<{ readonly id: number; x: number } | undefined>(undefined);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      held.current = { id: event.pointerId, x: event.clientX };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const hand = held.current;
      const wide = plot.current?.over.clientWidth ?? 0;
      if (hand?.id !== event.pointerId || wide === 0 || event.clientX === hand.x) return;
      const { from, to } = window.shown;
      window.move(((hand.x - event.clientX) * (to - from)) / wide, Date.now());
      hand.x = event.clientX;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (held.current?.id === event.pointerId) held.current = undefined;
    },
    onPointerCancel: () => (held.current = undefined),
  };
}

export interface DrawnLine extends NamedLine {
  readonly key: string;
  readonly tone: number | 'bad';
}

/** A limit that never changes is one line, whatever it is called. */
function namedLines(panel: Panel, { chart }: Loaded): readonly DrawnLine[] {
  let tone = 0;
  return chart.lines.map((line) => {
    const of = panel.lines[line.of];
    const words = of?.words(line.labels) ?? '';
    const { __name__: name = '', ...labels } = line.labels;
    return {
      ...line,
      words: words === '' ? 'value' : words,
      limit: of?.limit === true,
      tone: of?.bad === true || words === '5xx' ? 'bad' : of?.limit === true ? 0 : tone++,
      key: `${name} ${Object.entries(labels)
        .map((l) => l.join('='))
        .join(' ')}`,
    };
  });
}

/** The first two dozen points say nothing yet. */
const LEARNED = 24;
function bandOf({ at, low, high, learned }: NonNullable<Loaded['expected']>): PlotShape['band'] {
  const from = Math.max(0, LEARNED - learned);
  return { at: at.slice(from), low: low.slice(from).map((v) => Math.max(0, v)), high: high.slice(from) };
}

function expectedWords(expected: NonNullable<Loaded['expected']>, { unit }: Panel): string {
  const [low, high] = [expected.low.at(-1), expected.high.at(-1)];
  if (low === undefined || high === undefined || expected.learned + expected.at.length < LEARNED)
    return 'What is usual is not known yet: it takes two dozen readings.';
  return `Expected now: ${valueWords(unit, Math.max(0, low))} to ${valueWords(unit, high)} (shaded).`;
}

const newestWords = (lines: readonly NamedLine[], unit: Panel['unit'], step: number): string => {
  const [line] = lines.filter((l) => !l.limit);
  const t = line?.at.at(-1);
  return line === undefined || t === undefined || lines.filter((l) => !l.limit).length > 1 ? '' : (valueAt(line, t, step, unit) ?? '');
};

function pointedWords(lines: readonly NamedLine[], t: number, step: number, { unit }: Panel): string {
  const values = lines.map((l) => `${lines.length === 1 ? '' : `${l.words} `}${valueAt(l, t, step, unit) ?? 'not known'}`);
  return `${momentWords(momentOf(lines, t, step), step, Date.now())}: ${values.join(', ')}`;
}

/** The very time of the nearest value. */
function momentOf(lines: readonly NamedLine[], t: number, step: number): number {
  let best = t;
  let near = Math.max(step, 60_000);
  for (const line of lines) {
    const i = line.limit ? undefined : spanAt(line, t, near);
    const one = i === undefined ? undefined : line.at[i];
    if (one !== undefined && Math.abs(one - t) < near) [best, near] = [one, Math.abs(one - t)];
  }
  return best;
}
