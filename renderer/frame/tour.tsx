import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { usePage } from '../state/page.ts';
import { type Place, linkTo } from '../state/route.ts';
import { useSettings } from '../state/settings.ts';

/** A walk through the demo fleet for who is here for the first time: five stops, left at any time, and never again unless asked for. */

interface Stop {
  readonly place: Place;
  /** What is outlined: always a part of the frame, which is there on every screen. */
  readonly mark: string;
  readonly title: string;
  readonly words: string;
}

const STOPS: readonly Stop[] = [
  {
    place: 'fleet',
    mark: '.rail [aria-current]',
    title: 'Your clusters, at one glance',
    words:
      'Each cluster has its place and its state. What is well is quiet; what needs somebody has a colour and a shape. Choose one, and its name stands at the top of every screen.',
  },
  {
    place: 'incidents',
    mark: '.rail [aria-current]',
    title: 'One cause, one incident',
    words:
      'However many pods suffer, the incident names the one thing to change: the cause, what people noticed, the evidence, and what was ruled out.',
  },
  {
    place: 'approvals',
    mark: '.rail [aria-current]',
    title: 'Nothing is changed without you',
    words:
      'A plan shows what will change, on what, and how it is undone. A, then Enter, approves exactly what is shown. It is carried out, verified, and taken back if it did not help.',
  },
  {
    place: 'feed',
    mark: '.rail [aria-current]',
    title: 'Everything that happened, in sentences',
    words:
      'What the agents looked at, thought, proposed and did, and what people decided. Each line opens what it tells of; nothing can be removed from it unnoticed.',
  },
  {
    place: 'fleet',
    mark: '.hold button',
    title: 'One button holds everything',
    words:
      'Whatever goes on, this holds all agents at once. Ctrl K finds anything by typing, and ? shows the keys. The tour can be taken again from there.',
  },
];

/** Whether the tour is being taken because somebody asked for it. */
export const useTouring = create<{ readonly asked: boolean }>(() => ({ asked: false }));

export const takeTour = () => useTouring.setState({ asked: true });

export function Tour() {
  const demo = usePage((s) => s.info?.demo === true && s.phase === 'live');
  const toured = useSettings((s) => s.toured);
  const asked = useTouring((s) => s.asked);
  return asked || (demo && !toured) ? <Walk /> : null;
}

function end(): void {
  useTouring.setState({ asked: false });
  useSettings.setState({ toured: true });
}

function Walk() {
  const [at, setAt] = useState(0);
  const next = useRef<HTMLButtonElement>(null);
  const stop = STOPS[at];
  const last = at === STOPS.length - 1;
  useEffect(() => {
    if (stop === undefined) return;
    // Whoever came by a link to a place is not led away from it before they said so.
    if (at > 0 || useTouring.getState().asked) window.location.hash = linkTo(stop.place);
    // The place is marked as the current one once the page has gone there.
    const frame = requestAnimationFrame(() => {
      document.querySelector(stop.mark)?.setAttribute('data-toured', '');
      next.current?.focus();
    });
    return () => {
      cancelAnimationFrame(frame);
      for (const marked of document.querySelectorAll('[data-toured]')) marked.removeAttribute('data-toured');
    };
  }, [at, stop]);
  useEffect(() => {
    // Until it is left these keys are the tour's, wherever the focus is: a map would go to a neighbour by them.
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      if (document.querySelector('dialog:modal') !== null || (target instanceof HTMLElement && target.matches('input, textarea, select')))
        return;
      const pressable = target instanceof HTMLElement && target.matches('button, a');
      if (event.key === 'Escape') end();
      else if (event.key === 'ArrowRight' || (event.key === 'Enter' && !pressable)) by(1);
      else if (event.key === 'ArrowLeft') by(-1);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const by = (steps: number) => (at + steps >= STOPS.length ? end() : setAt(Math.max(0, at + steps)));
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [at]);
  if (stop === undefined) return null;
  const go = (by: number) => (at + by >= STOPS.length ? end() : setAt(Math.max(0, at + by)));
  return (
    <section className="tour" aria-label="Tour">
      <p className="row-meta">
        Tour, {at + 1} of {STOPS.length}
      </p>
      <div aria-live="polite">
        <h2>{stop.title}</h2>
        <p className="my-2">{stop.words}</p>
      </div>
      <div className="flex items-center gap-2">
        <button type="button" onClick={end}>
          {last ? 'Close' : 'Skip'}
        </button>
        <span className="ml-auto" />
        {at > 0 && (
          <button type="button" onClick={() => go(-1)}>
            Back
          </button>
        )}
        <button ref={next} type="button" className="primary" onClick={() => go(1)}>
          {last ? 'Done' : 'Next'}
        </button>
      </div>
    </section>
  );
}
