import { useMemo, useState } from 'react';
import { LogView } from '../../logs/log-view.tsx';
import { linkTo } from '../../state/route.ts';
import type { ToolProps } from '../tools.ts';

/** `#/explore/~logs?in=CONTEXT&namespace=NS&for=deploy/a,pod/b&labels=app=c`: logs of whatever is named, together. */
export function LogsOf({ contexts, query }: ToolProps) {
  const context = query.get('in') ?? contexts[0] ?? '';
  const namespace = query.get('namespace') ?? '';
  const targets = query.get('for') ?? '';
  const labels = query.get('labels') ?? '';
  const of = useMemo(
    () => ({
      context,
      namespace,
      targets: targets.split(',').filter((t) => t !== ''),
      ...(labels === '' ? {} : { labels }),
    }),
    [context, namespace, targets, labels],
  );
  return (
    <article className="object detail">
      <h1>Logs</h1>
      <Wish
        key={`${context} ${namespace} ${targets} ${labels}`}
        contexts={contexts}
        wish={{ in: context, namespace, for: targets, labels }}
      />
      {namespace !== '' && context !== '' && (targets !== '' || labels !== '') ? (
        <LogView of={of} containers={[]} />
      ) : (
        <div className="empty">
          <h2>Whose logs?</h2>
          <p>
            Name pods, workloads or Services of a namespace (<code>deploy/checkout, job/import</code>), or the labels of pods. All of them
            are read together, in the order of their times, and pods that come are joined.
          </p>
        </div>
      )}
    </article>
  );
}

interface Wished {
  readonly in: string;
  readonly namespace: string;
  readonly for: string;
  readonly labels: string;
}

function Wish({ contexts, wish }: { contexts: readonly string[]; wish: Wished }) {
  const [typed, setTyped] = useState(wish);
  const field = (key: keyof Wished, words: string, placeholder: string) => (
    <label>
      {words}{' '}
      <input
        value={typed[key]}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(e) => setTyped({ ...typed, [key]: e.target.value.trim() })}
      />
    </label>
  );
  return (
    <form
      className="tool-bar"
      onSubmit={(e) => {
        e.preventDefault();
        const said = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
        window.location.hash = linkTo('explore', '~logs', said);
      }}
    >
      <label>
        Cluster{' '}
        <select value={typed.in} onChange={(e) => setTyped({ ...typed, in: e.target.value })}>
          {[...new Set([...contexts, typed.in])].map((c) => (
            <option key={c}>{c}</option>
          ))}
        </select>
      </label>
      {field('namespace', 'Namespace', 'shop')}
      {field('for', 'Of', 'deploy/checkout,job/import')}
      {field('labels', 'Labels', 'app=web')}
      <button type="submit" className="primary">
        Read
      </button>
    </form>
  );
}
