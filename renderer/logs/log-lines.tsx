import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type UIEvent, useLayoutEffect, useRef, useState } from 'react';
import { type Line, type Source } from './log-book.ts';

const LINE_PX = 20;
/** Lines drawn above and below what is in sight. */
const OVERSCAN = 12;
/** Nearer to the end than this is at the end. */
const NEAR_PX = 40;
const TONES = 8;

export interface Shape {
  readonly wrap: boolean;
  readonly times: boolean;
  readonly names: boolean;
}

/** The lines, of which only those in sight are drawn. Whoever looks back stops following; End goes on. */
export function LogLines(props: {
  lines: readonly Line[];
  shape: Shape;
  mark: RegExp | undefined;
  follow: boolean;
  setFollow: (follow: boolean) => void;
}) {
  const { lines, shape, mark, follow, setFollow } = props;
  const box = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const [view, setView] = useState({ from: 0, count: 60 });
  // Who follows sees the end, whatever the heights of what is above it: the last lines flow as they come, and nothing is measured.
  const flows = shape.wrap && follow;
  const flowing = useRef<ReadonlyMap<number, number>>(new Map());
  // Who looks back sees lines that stand still, so those that are wrapped can be measured; those that are not are all of one height.
  const seen = useVirtualizer({
    count: shape.wrap && !follow ? lines.length : 0,
    getScrollElement: () => box.current,
    // The last lines stay as they were drawn a moment ago.
    estimateSize: (i) => flowing.current.get(lines[i]?.n ?? -1) ?? LINE_PX,
    getItemKey: (i) => lines[i]?.n ?? i,
    overscan: OVERSCAN,
  });
  // Heights that were measured are of the other shape.
  useLayoutEffect(() => seen.measure(), [shape.wrap, seen]);
  useLayoutEffect(() => {
    const { current } = box;
    if (!follow || current === null) return;
    current.scrollTop = current.scrollHeight;
    top.current = current.scrollTop;
    if (flows) flowing.current = heightsIn(current);
    look(current);
  });
  const look = ({ scrollTop, clientHeight }: HTMLDivElement) => {
    const from = flows ? view.from : Math.max(0, Math.floor(scrollTop / LINE_PX) - OVERSCAN);
    const count = Math.ceil(clientHeight / LINE_PX) + 2 * OVERSCAN;
    if (from !== view.from || count !== view.count) setView({ from, count });
  };
  const first = Math.max(0, lines.length - view.count);
  const drawn = flows
    ? lines.slice(first).map((_, i) => ({ index: first + i, start: undefined }))
    : shape.wrap
      ? seen.getVirtualItems().map(({ index, start }) => ({ index, start }))
      : lines.slice(view.from, view.from + view.count).map((_, i) => ({ index: view.from + i, start: (view.from + i) * LINE_PX }));
  const onScroll = ({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget;
    look(currentTarget);
    const back = scrollTop < top.current && scrollHeight - scrollTop - clientHeight > NEAR_PX;
    top.current = scrollTop;
    if (back && follow) setFollow(false);
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'End') setFollow(true);
  };
  return (
    <div ref={box} className="log-box" role="log" aria-live="off" aria-label="Lines" tabIndex={0} onScroll={onScroll} onKeyDown={onKey}>
      <div
        className="log-sheet"
        data-wrap={shape.wrap ? '' : undefined}
        data-flows={flows ? '' : undefined}
        style={flows ? { paddingTop: first * LINE_PX } : { height: shape.wrap ? seen.getTotalSize() : lines.length * LINE_PX }}
      >
        {drawn.map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div
              key={line.n}
              ref={shape.wrap && !flows ? seen.measureElement : undefined}
              data-index={index}
              className="log-line"
              data-note={line.note ? '' : undefined}
              data-n={line.n}
              style={start === undefined ? undefined : { transform: `translateY(${start}px)` }}
            >
              {shape.times && line.at !== '' && (
                <time dateTime={line.at} title={line.at}>
                  {clock(line.at)}
                </time>
              )}
              {(shape.names || line.note) && <SourceName of={line.source} />}
              <span className="log-text">{marked(line.text, mark)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function SourceName({ of: { pod, container, order } }: { of: Source }) {
  return (
    <span className="log-source" data-tone={order % TONES} title={`${pod} ${container}`}>
      {pod} <span className="log-container">{container}</span>
    </span>
  );
}

/** Of the lines that are drawn, by their numbers. */
function heightsIn(box: HTMLElement): ReadonlyMap<number, number> {
  const heights = new Map<number, number>();
  for (const line of box.querySelectorAll<HTMLElement>('.log-line')) heights.set(Number(line.dataset['n']), line.offsetHeight);
  return heights;
}

/** In the time of the page; the exact stamp is on hover. */
function clock(at: string): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

const MOST_MARKS = 50;

function marked(text: string, mark: RegExp | undefined) {
  if (mark === undefined) return text;
  const parts: (string | { readonly hit: string })[] = [];
  let from = 0;
  for (const { 0: hit, index } of text.matchAll(mark)) {
    if (hit === '' || parts.length > MOST_MARKS) break;
    parts.push(text.slice(from, index), { hit });
    from = index + hit.length;
  }
  if (from === 0) return text;
  parts.push(text.slice(from));
  return parts.map((part, i) => (typeof part === 'string' ? part : <mark key={i}>{part.hit}</mark>));
}
