import { linkTo } from '../state/route.ts';
import { useNow } from '../ui/age.tsx';
import { alertTitle } from './alert-words.ts';
import { outlookOf, outlookTitle } from './forecast-words.ts';
import { linkToSeries, nameOfLabels, selectorOf } from './series-place.ts';
import { useSignals } from './use-signals.ts';

/** Above the log: how much is unusual and will run out, and the way there. */
export function AlertsLine() {
  const { value } = useSignals();
  const unusual = value?.news.reduce((sum, n) => sum + n.unusual.length, 0) ?? 0;
  const out = value?.news.reduce((sum, n) => sum + n.runningOut.length, 0) ?? 0;
  const words = [unusual > 0 ? `${unusual} unusual` : '', out > 0 ? `${out} will run out` : ''].filter((w) => w !== '');
  return (
    <a className="self-center whitespace-nowrap" href={linkTo('feed', 'alerts')}>
      {words.length === 0 ? 'Alerts' : words.join(', ')}
    </a>
  );
}

const SHOWN = 4;

/** Beside every screen, where there is something: what will run out, and what is unusual. */
export function Coming() {
  const { value } = useSignals();
  const now = useNow();
  const rows = (value?.news ?? []).flatMap((n) => [
    ...n.runningOut.map((r) => ({ context: n.context, of: r, words: outlookTitle(outlookOf(r), now) })),
    ...n.unusual.map((u) => ({ context: n.context, of: u, words: alertTitle(u) })),
  ]);
  if (rows.length === 0) return null;
  return (
    <>
      <h2>
        Coming{' '}
        <a className="ml-auto font-normal" href={linkTo('feed', 'alerts')}>
          all {rows.length}
        </a>
      </h2>
      <ul className="px-4 pb-2 text-13 text-ink-2">
        {rows.slice(0, SHOWN).map(({ context, of, words }) => (
          <li key={`${context} ${selectorOf(of.signal, of.labels)}`} className="border-t border-line py-1.5">
            <a className="line-clamp-2 wrap-anywhere" href={linkToSeries(context, of.labels) ?? linkTo('feed', 'alerts')}>
              {words}
            </a>
            <span className="row-meta">
              {nameOfLabels(of.labels)} · {context}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
