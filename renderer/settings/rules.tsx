import { useEffect, useState } from 'react';
import type { AutonomyState, PlanAutonomy } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { autonomyWords } from '../state/autonomy-words.ts';
import { useRoute } from '../state/route.ts';
import { Problem } from '../ui/problem.tsx';
import { ruleFor, withRule } from './rule-for.ts';

interface Tried {
  readonly text: string;
  readonly plans: readonly { readonly id: string; readonly title: string; readonly now: PlanAutonomy; readonly then: PlanAutonomy }[];
}

/** The rules that say what may be done without asking: read, tried on the plans that wait, put in force. */
export function Rules() {
  const autonomy = usePage((s) => s.autonomy);
  if (autonomy === undefined) return <p className="text-ink-3">Reading the rules…</p>;
  // A text that was put in force elsewhere takes the place of what is being written here.
  return <Editor key={autonomy.version} autonomy={autonomy} />;
}

const EXAMPLE = `version: 1
rules:
  - id: restarts-in-dev
    match: { contexts: [dev-*], actions: [restart-rollout], maxRisk: medium }
    give: auto
`;

function Editor({ autonomy }: { autonomy: AutonomyState }) {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const order = useOrder();
  const { query } = useRoute();
  const about = usePage((s) => s.plans.find((p) => p.id === query.get('plan')));
  const [text, setText] = useState(autonomy.text);
  const [tried, setTried] = useState<Tried | undefined>(undefined);
  const words = autonomyWords(autonomy, false);
  const changed = text !== autonomy.text;
  const ready = tried?.text === text;
  return (
    <>
      <p className={words.bad ? 'text-broken' : ''}>
        {words.short}. {words.long}.
      </p>
      <p className="row-meta my-1">
        {autonomy.path}
        {autonomy.version !== '' && `, version ${autonomy.version}`}
      </p>
      {about !== undefined && (
        <p className="my-2 flex flex-wrap items-center gap-3">
          <button type="button" onClick={() => setText(withRule(text, ruleFor(about, text)))}>
            Begin with a rule for plans like this
          </button>
          <span className="hint wrap-anywhere">{about.title}</span>
        </p>
      )}
      <textarea
        aria-label="Rules, in YAML"
        className="my-2 h-56 w-full font-mono text-13"
        spellCheck={false}
        value={text}
        placeholder={EXAMPLE}
        onChange={(e) => setText(e.target.value)}
      />
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {ready && <Effect tried={tried} />}
      <div className="buttons mt-2">
        <button
          type="button"
          disabled={order.running || !changed}
          onClick={() => order.give(async () => setTried({ text, plans: (await client.autonomy.check({ text })).plans }))}
        >
          Try them
        </button>
        <button
          type="button"
          className="primary"
          disabled={order.running || !ready}
          onClick={() => order.give(async () => usePage.setState({ autonomy: await client.autonomy.set({ text, by }) }))}
        >
          Put in force
        </button>
        {changed && !ready && <span className="hint">They are tried first: what they would mean for the plans that wait.</span>}
      </div>
      <History version={autonomy.version} />
    </>
  );
}

function Effect({ tried: { plans } }: { tried: Tried }) {
  const differ = plans.filter((p) => p.now.give !== p.then.give || p.now.people !== p.then.people);
  if (differ.length === 0) return <p className="hint my-2">They are well-formed. For the plans that wait now they change nothing.</p>;
  return (
    <ul className="my-2">
      {differ.map((p) => (
        <li key={p.id} className="border-t border-line py-1">
          {p.title}: {p.now.give} becomes <strong>{p.then.give}</strong> <span className="hint">{p.then.because}</span>
        </li>
      ))}
    </ul>
  );
}

function History({ version }: { version: string }) {
  const client = useClient();
  const [versions, setVersions] = useState<
    readonly { readonly at: string; readonly version: string; readonly by: string | null; readonly rules: number }[]
  >([]);
  useEffect(() => {
    client.autonomy.history({}).then(
      (answer) => setVersions(answer.versions),
      () => undefined,
    );
  }, [client, version]);
  if (versions.length === 0) return null;
  return (
    <details className="mt-3">
      <summary>What was in force before</summary>
      <ul>
        {versions.map((v) => (
          <li key={`${v.at} ${v.version}`} className="row-meta py-1">
            {new Date(v.at).toLocaleString()}: {v.rules} {v.rules === 1 ? 'rule' : 'rules'} ({v.version === '' ? 'none' : v.version}),{' '}
            {v.by ?? 'the file was edited'}
          </li>
        ))}
      </ul>
    </details>
  );
}
