import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { chooseContext, useHereState } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { useSettings } from '../state/settings.ts';
import { stateWords } from '../state/cluster-words.ts';
import { PlaceCard } from './card.tsx';
import { find } from './find.ts';
import { keyOf } from './fleet-model.ts';
import type { Placed } from './fleet-plots.ts';
import { fleetNow, fleetShape, useFleetMap } from './follow.ts';
import type { Direction, Rect } from './geometry.ts';
import { homeFinder } from './homes.ts';
import { MapStage } from './map-stage.ts';
import { type Pin, reachOf } from './marks.ts';
import type { Spot } from './painter.ts';
import { linkToPlace } from './places.ts';
import { nameOf, spoken } from './words.ts';

/** Letters typed within this time are one word. */
const TYPED_MS = 1_200;
const WHEEL = 0.0016;
const PINCH = 0.01;
const STEP = 1.5;
const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

export interface MapHandle {
  readonly go: (spot: Spot | undefined) => void;
  readonly zoom: (factor: number) => void;
}

interface MapViewProps {
  readonly handle: { current: MapHandle | undefined };
  readonly around: (path: readonly Placed[]) => void;
  /** The plan whose reach is painted. */
  readonly plan: string | undefined;
  readonly pins: readonly Pin[];
  /** Shows what a workload depends on. */
  readonly drill: (key: string) => void;
  readonly search: () => void;
}

/** The fleet on a canvas, to be looked at and gone into. Everything on it is also in the list, in words. */
export function MapView({ handle, around, plan, pins, drill, search }: MapViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const stage = useRef<MapStage | undefined>(undefined);
  const [card, setCard] = useState<{ item: Placed; pod: number | undefined; rect: Rect } | undefined>(undefined);
  const [said, setSaid] = useState('');
  const [typed, setTyped] = useState('');
  const typing = useRef<{ text: string; timer: ReturnType<typeof setTimeout> | undefined }>({ text: '', timer: undefined });
  const contexts = usePage((s) => s.contexts);
  const plans = usePage((s) => s.plans);
  const hears = usePage((s) => s.phase === 'live');
  const chosen = useHereState((s) => s.chosen);
  const theme = useSettings((s) => s.theme);
  const tell = useRef(around);
  useEffect(() => {
    tell.current = around;
  });

  const carded = useRef<Spot | undefined>(undefined);
  const cardComing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const showCard = useCallback((spot: Spot | undefined) => {
    const at = stage.current;
    clearTimeout(cardComing.current);
    carded.current = spot;
    const item = spot === undefined ? undefined : at?.itemOf(spot.key);
    const rect = spot === undefined ? undefined : at?.rectOf(spot);
    setCard(item === undefined || rect === undefined ? undefined : { item, pod: spot?.pod, rect });
  }, []);
  /** The map as it is now, and the card with what it says now. */
  const refresh = useCallback(
    (made: MapStage) => {
      made.show(fleetNow(), fleetShape());
      if (carded.current !== undefined) showCard(carded.current);
    },
    [showCard],
  );

  useEffect(() => {
    const [surface, room] = [canvas.current, box.current];
    if (surface === null || room === null) return;
    const made = new MapStage(surface, {
      around: (path) => tell.current(path),
      hovered: (spot) => showCard(spot),
    });
    stage.current = made;
    handle.current = {
      go: (spot) => {
        made.selected = spot ?? made.selected;
        made.go(spot);
      },
      zoom: (factor) => made.zoom(factor),
    };
    Object.assign(surface, { stage: made });
    const fit = () => made.resize({ w: room.clientWidth, h: room.clientHeight });
    const watch = new ResizeObserver(fit);
    watch.observe(room);
    fit();
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? PINCH : WHEEL));
      const { left, top } = surface.getBoundingClientRect();
      made.zoom(factor, event.clientX - left, event.clientY - top);
      made.unhover();
    };
    // React listens to wheels passively, and the page must not scroll or zoom beneath the map.
    surface.addEventListener('wheel', onWheel, { passive: false });
    const contrast = window.matchMedia('(prefers-color-scheme: light)');
    const again = () => made.repaint();
    contrast.addEventListener('change', again);
    void document.fonts.ready.then(again);
    return () => {
      watch.disconnect();
      surface.removeEventListener('wheel', onWheel);
      contrast.removeEventListener('change', again);
      made.close();
      stage.current = undefined;
      handle.current = undefined;
    };
  }, [handle, showCard]);

  const heard = useCallback(() => {
    const made = stage.current;
    if (made === undefined || waitingFrame.has(made)) return;
    // Many parts in one frame are one look.
    waitingFrame.add(made);
    requestAnimationFrame(() => {
      waitingFrame.delete(made);
      refresh(made);
    });
  }, [refresh]);
  useFleetMap(heard);

  useEffect(() => {
    const made = stage.current;
    if (made === undefined) return;
    made.pins = pins;
    made.chosen = chosen;
    made.hears = hears;
    const reviewed = plans.find((p) => p.id === plan);
    made.reach = reviewed === undefined ? undefined : reachOf(reviewed, homeFinder(fleetNow()));
    refresh(made);
  }, [contexts, pins, chosen, hears, plan, plans, refresh]);
  useEffect(() => {
    // The theme is on the document one effect later.
    const timer = setTimeout(() => stage.current?.repaint());
    return () => clearTimeout(timer);
  }, [theme]);
  const reviewed = useRef<string | undefined>(undefined);
  useEffect(() => {
    const made = stage.current;
    const shown = plans.find((p) => p.id === plan);
    if (made === undefined || shown === undefined || reviewed.current === plan) return;
    reviewed.current = plan;
    made.go({ key: keyOf(shown.context), pod: undefined });
  }, [plan, plans]);

  const select = (spot: Spot | undefined, how: 'pointer' | 'keys') => {
    const made = stage.current;
    if (made === undefined) return;
    made.selected = spot;
    made.draw();
    const item = spot === undefined ? undefined : made.itemOf(spot.key);
    if (item === undefined || spot === undefined) return;
    if (how === 'keys') {
      made.reveal(spot);
      // Where it is going to be, not where it is while the map moves there.
      clearTimeout(cardComing.current);
      cardComing.current = setTimeout(() => showCard(made.selected), 190);
    }
    const state = item.level === 'cluster' ? stateWords(item.row) : item.level === 'workload' ? item.state : '';
    setSaid(spoken(item, state));
  };

  const enter = (spot: Spot) => {
    const made = stage.current;
    const item = made?.itemOf(spot.key);
    if (made === undefined || item === undefined) return;
    if (item.level !== 'group') chooseContext(item.context);
    made.go(spot);
    const first = made.firstIn(spot.pod === undefined ? spot.key : undefined);
    if (spot.pod === undefined && first !== undefined) {
      made.selected = first;
      const inner = made.itemOf(first.key);
      if (inner !== undefined) setSaid(`In ${nameOf(item)}: ${spoken(inner, '')}`);
    }
    showCard(undefined);
  };

  const up = () => {
    const made = stage.current;
    if (made === undefined) return;
    const parent = made.selected === undefined ? undefined : made.parentOf(made.selected);
    made.selected = parent;
    made.go(parent === undefined ? undefined : made.parentOf(parent));
    showCard(undefined);
    const item = parent === undefined ? undefined : made.itemOf(parent.key);
    setSaid(item === undefined ? 'The whole fleet' : spoken(item, ''));
  };

  const endTyping = () => {
    clearTimeout(typing.current.timer);
    typing.current.text = '';
    setTyped('');
  };

  const type = (letter: string) => {
    const state = typing.current;
    clearTimeout(state.timer);
    state.text += letter;
    state.timer = setTimeout(endTyping, TYPED_MS);
    setTyped(state.text);
    const [found] = find(fleetNow(), state.text, 12);
    if (found === undefined) setSaid(`Nothing is called ${state.text}`);
    else select({ key: found.key, pod: found.pod }, 'keys');
  };

  const onKey = (event: KeyboardEvent) => {
    const made = stage.current;
    if (made === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const { selected } = made;
    const direction = DIRECTIONS[key];
    const act = (work: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    // In the middle of a name its digits are letters, and so are dots and dashes where a name goes on with them; else they are keys.
    const soFar = typing.current.text;
    const goesOn = () => /[\p{L}\p{N}]/u.test(key) || find(fleetNow(), soFar + key, 1).length > 0;
    if (soFar !== '' && key.length === 1 && key !== '/' && key !== ' ' && goesOn()) {
      act(() => type(key));
      return;
    }
    // Whatever else is pressed is said of what was found.
    if (key !== 'Shift') endTyping();
    if (direction !== undefined)
      act(() => select(selected === undefined ? made.firstIn(undefined) : (made.neighbour(selected, direction) ?? selected), 'keys'));
    else if (key === 'Enter') act(() => (selected === undefined ? select(made.firstIn(undefined), 'keys') : enter(selected)));
    else if (key === 'Escape') act(up);
    else if (key === '+' || key === '=') act(() => made.zoom(STEP));
    else if (key === '-') act(() => made.zoom(1 / STEP));
    else if (key === '0' || key === 'Home') act(() => made.go(undefined));
    else if (key === '/') act(search);
    else if (key === '.') {
      const item = selected === undefined ? undefined : made.itemOf(selected.key);
      const link = item === undefined ? undefined : linkToPlace(item, selected?.pod);
      if (link !== undefined) act(() => void (window.location.hash = link));
    } else if (key === ' ') {
      if (selected !== undefined && made.itemOf(selected.key)?.level === 'workload') act(() => drill(selected.key));
    } else if (key.length === 1 && key !== 'L') act(() => type(key));
  };

  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const dragged = useRef(0);
  const at = (event: PointerEvent | React.MouseEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onDown = (event: PointerEvent) => {
    pointers.current.set(event.pointerId, at(event));
    dragged.current = 0;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent) => {
    const made = stage.current;
    if (made === undefined) return;
    const now = at(event);
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) {
      made.hover(now.x, now.y);
      return;
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other !== undefined) {
      const spread = (a: { x: number; y: number }) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
      made.zoom(spread(now) / spread(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
      made.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      dragged.current = 100;
      return;
    }
    dragged.current += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (dragged.current < 4) return;
    made.unhover();
    made.pan(now.x - before.x, now.y - before.y);
  };
  const onUp = (event: PointerEvent) => {
    const made = stage.current;
    const held = pointers.current.delete(event.pointerId);
    if (made === undefined || !held || dragged.current >= 4) return;
    const { x, y } = at(event);
    const spot = made.spotAt(x, y);
    select(spot, 'pointer');
    const item = spot === undefined ? undefined : made.itemOf(spot.key);
    if (item !== undefined && item.level !== 'group') chooseContext(item.context);
    if (event.pointerType === 'touch') showCard(spot);
  };
  const onDouble = (event: React.MouseEvent) => {
    const { x, y } = at(event);
    const spot = stage.current?.spotAt(x, y);
    if (spot !== undefined) enter(spot);
  };

  return (
    <div ref={box} className="map-room" data-drag="">
      <canvas
        ref={canvas}
        className="map-canvas"
        data-type-ahead=""
        tabIndex={0}
        role="application"
        aria-label="Map of the fleet. Arrows go to neighbours, Enter goes in, Escape goes out, a full stop opens the object; L shows the same as a list."
        onKeyDown={onKey}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onPointerLeave={() => stage.current?.unhover()}
        onDoubleClick={onDouble}
        onBlur={() => showCard(undefined)}
      />
      <p className="unseen" role="status">
        {said}
      </p>
      {typed !== '' && <p className="map-typed name">{typed}</p>}
      {card !== undefined && (
        <PlaceCard item={card.item} pod={card.pod} rect={card.rect} size={stage.current?.size ?? { w: 0, h: 0 }} pins={pins} />
      )}
    </div>
  );
}

const waitingFrame = new WeakSet<MapStage>();
