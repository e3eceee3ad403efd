import { useCallback, useState } from 'react';
import type { AccessRuleRow, AccessSubject } from '../../../agents/contract/index.ts';
import { named, useLiveContexts } from '../../state/current.ts';
import { linkTo } from '../../state/route.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useReading } from '../reading.ts';
import type { ToolProps } from '../tools.ts';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'impersonate', 'bind', 'escalate'];

interface Question {
  readonly context: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
}

/** `#/explore/~access?verb=get&resource=secrets&namespace=shop`: may I, who else may, and through which binding. */
export function Access({ contexts, query }: ToolProps) {
  const asked: Question = {
    context: contexts[0] ?? '',
    verb: query.get('verb') ?? 'get',
    resource: query.get('resource') ?? '',
    namespace: query.get('namespace') ?? '',
  };
  return (
    <article className="object detail">
      <h1>Who can</h1>
      <Ask key={JSON.stringify(asked)} asked={asked} />
      {asked.context === '' ? (
        <p className="hint">No cluster is connected.</p>
      ) : asked.resource === '' ? (
        <>
          <p className="hint">Ask who may do something, or look at all that you may.</p>
          <OwnRules context={asked.context} namespace={asked.namespace === '' ? 'default' : asked.namespace} />
        </>
      ) : (
        <Answer asked={asked} />
      )}
    </article>
  );
}

function Ask({ asked }: { asked: Question }) {
  const live = useLiveContexts();
  const [typed, setTyped] = useState(asked);
  return (
    <form
      className="tool-bar"
      onSubmit={(e) => {
        e.preventDefault();
        const { context, ...rest } = typed;
        const said = Object.fromEntries(Object.entries({ in: context, ...rest }).filter(([, value]) => value !== ''));
        window.location.hash = linkTo('explore', '~access', said);
      }}
    >
      <label>
        Cluster{' '}
        <select value={typed.context} onChange={(e) => setTyped({ ...typed, context: e.target.value })}>
          {[...new Set([...named(live), typed.context])].map((c) => (
            <option key={c}>{c}</option>
          ))}
        </select>
      </label>
      <label>
        Verb <input list="access-verbs" size={8} value={typed.verb} onChange={(e) => setTyped({ ...typed, verb: e.target.value.trim() })} />
      </label>
      <datalist id="access-verbs">
        {VERBS.map((v) => (
          <option key={v} value={v} />
        ))}
      </datalist>
      <label>
        Resource{' '}
        <input
          placeholder="secrets, pods/exec, widgets.example.com"
          value={typed.resource}
          spellCheck={false}
          onChange={(e) => setTyped({ ...typed, resource: e.target.value.trim() })}
        />
      </label>
      <label>
        Namespace{' '}
        <input
          placeholder="whole cluster"
          value={typed.namespace}
          spellCheck={false}
          onChange={(e) => setTyped({ ...typed, namespace: e.target.value.trim() })}
        />
      </label>
      <button type="submit" className="primary">
        Ask
      </button>
    </form>
  );
}

interface Answered {
  readonly mine: { readonly right: string; readonly allowed: boolean; readonly reason: string };
  readonly subjects: readonly AccessSubject[];
  readonly incomplete: readonly { readonly what: string; readonly because: string }[];
}

function Answer({ asked: { context, verb, resource, namespace } }: { asked: Question }) {
  const { value, failure } = useReading<Answered>(
    useCallback(
      async (client, signal, tell) => {
        const ask = { context, verb, resource, ...(namespace === '' ? {} : { namespace }) };
        const [mine, others] = await Promise.all([client.access.canI(ask, { signal }), client.access.whoCan(ask, { signal })]);
        tell({ mine, subjects: others.subjects, incomplete: others.incomplete });
      },
      [context, verb, resource, namespace],
    ),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Asking…</p>;
  const { mine, subjects, incomplete } = value;
  return (
    <>
      <p role="status">
        <strong>{mine.allowed ? 'You may' : 'You may not'}</strong> {mine.right}.
        {mine.reason !== '' && <span className="hint"> {mine.reason}</span>}
      </p>
      <h2>{subjects.length === 0 ? 'Nobody else is given it by a Role' : `Given to ${subjects.length}`}</h2>
      {incomplete.map((gap) => (
        <Problem key={gap.what} failure={{ code: 'forbidden', message: `Not all is known: ${gap.because}` }} />
      ))}
      <ul className="pairs">
        {subjects.map((s) => (
          <li key={`${s.kind} ${s.namespace ?? ''} ${s.name}`}>
            <span className="kind">{s.kind}</span>{' '}
            <span className="name">{s.namespace === null ? s.name : `${s.namespace}/${s.name}`}</span>
            <CopyButton text={s.name} words={`Copy ${s.name}`} />
            <span className="hint"> through {s.through.map((t) => `${t.binding} (${t.role})`).join(', ')}</span>
          </li>
        ))}
      </ul>
      <p className="hint">
        By the Roles and bindings of the cluster. The group system:masters may do everything, whatever they say; other authorizers may give
        more.
      </p>
    </>
  );
}

function OwnRules({ context, namespace }: { context: string; namespace: string }) {
  const { value, failure } = useReading<{ readonly rules: readonly AccessRuleRow[]; readonly incomplete: string | null }>(
    useCallback(async (client, signal, tell) => tell(await client.access.rules({ context, namespace }, { signal })), [context, namespace]),
  );
  if (failure !== undefined) return <Problem failure={failure} />;
  if (value === undefined) return <p className="hint">Asking…</p>;
  return (
    <>
      <h2>What you may do in {namespace}</h2>
      {value.incomplete !== null && <p className="hint">{value.incomplete}</p>}
      <ul className="pairs">
        {value.rules.map((r, i) => (
          // Rules have no names, and are only ever replaced as a whole.
          <li key={i}>
            <strong>{r.verbs.join(', ')}</strong> <span className="name">{r.resources.map((x) => withGroup(x, r.groups)).join(', ')}</span>
            {r.names.length > 0 && <span className="hint"> named {r.names.join(', ')}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function withGroup(resource: string, groups: readonly string[]): string {
  const named = groups.filter((g) => g !== '');
  return named.length === 0 ? resource : `${resource}.${named.join('|')}`;
}
