import type { Answer, Citation, Sentence } from '../../agents/contract/index.ts';
import { refWords } from '../../agents/contract/refs.ts';
import { Passage } from '../knowledge/passage.tsx';
import { linkToRef } from '../explore/places.ts';
import { linkToDocument } from '../knowledge/places.ts';
import { useAgentTitles } from '../state/agent-titles.ts';
import { openPlan } from '../state/here.ts';
import { linkTo } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { RiskMark } from '../ui/risk.tsx';

/** A question and its answer: sentences with the numbers of what they rest on, the plan where there is one, and the sources below. */
export function AnswerView({ answer }: { answer: Answer }) {
  const { question, sentences, citations, plans, agent, about, at, from, model } = answer;
  const called = useAgentTitles();
  const best = plans.find((p) => p.state === 'awaitingApproval');
  return (
    <article className="turn" data-known={answer.known} aria-label={question}>
      <h3 dir="auto">{question}</h3>
      <p className="row-meta">
        {FROM[from]}
        {agent.here && ` · for ${called(agent.id)}`}
        {!agent.here && !answer.known && ` · for ${agent.id}, who is not here`}
        {agent.by !== null && `, named by ${agent.by} as the words alone left a doubt`} · <Age at={at} suffix=" ago" />
      </p>
      <div className="said">
        {sentences
          .filter((s) => best === undefined || s.frame !== 'next')
          .map((s, i) => (
            // Sentences have no identity of their own; an answer never changes.
            <SentenceView key={i} sentence={s} id={answer.id} citations={citations} />
          ))}
      </div>
      {sentences.some((s) => s.frame === 'well') && (
        <p className="hint">
          What was wrong and is over stands in{' '}
          <a href={linkTo('feed', undefined, { kind: 'incidents', ...(about.context === null ? {} : { context: about.context }) })}>
            the log
          </a>
          .
        </p>
      )}
      {model !== null && <p className="hint">What is quoted was chosen by {model}; each sentence stands as it is written.</p>}
      {best !== undefined && (
        <p className="doing flex flex-wrap items-center gap-x-3 gap-y-2">
          <RiskMark risk={best.risk} prefix="risk " />
          <span className="min-w-48 flex-1 wrap-anywhere">{best.title}</span>
          <button type="button" className="primary" onClick={() => openPlan(best.id)}>
            Look at the plan
          </button>
        </p>
      )}
      {citations.length > 0 && (
        <ol className="sources" aria-label="What it rests on">
          {citations.map((c) => (
            <li key={c.n} id={`${answer.id}-${c.n}`}>
              <Source citation={c} />
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}

const FROM: Readonly<Record<Answer['from'], string>> = {
  cluster: 'Seen in the cluster',
  knowledge: 'Written',
  past: 'From the log',
  plan: 'A plan',
  nothing: 'Not known',
};

function SentenceView({
  sentence: { lead, text, cites, frame },
  id,
  citations,
}: {
  sentence: Sentence;
  id: string;
  citations: readonly Citation[];
}) {
  const chips = cites.map((n) => {
    const cited = citations.find((c) => c.n === n);
    return (
      <a
        key={n}
        className="cite"
        href={cited === undefined ? '#' : hrefOf(cited)}
        title={cited === undefined ? '' : placeOf(cited)}
        aria-label={`Source ${n}: ${cited === undefined ? '' : placeOf(cited)}`}
        data-source={`${id}-${n}`}
      >
        {n}
      </a>
    );
  });
  if (frame !== null) return <p className="hint">{text}</p>;
  if (text.includes('\n'))
    return (
      <div>
        <p>
          <span className="lead">{lead}</span> {chips}
        </p>
        {cites.some((n) => citations.find((c) => c.n === n)?.kind === 'passage') ? <Passage text={text} /> : <pre dir="auto">{text}</pre>}
      </div>
    );
  return (
    <p>
      <span className="lead">{lead}</span> <span dir="auto">{text}</span> {chips}
    </p>
  );
}

function Source({ citation }: { citation: Citation }) {
  return (
    <details>
      <summary>
        <span className="min-w-0 wrap-anywhere">{placeOf(citation)}</span>
        {citation.kind === 'passage' && citation.givesOrders && <span className="mark">worded as orders</span>}
      </summary>
      <pre dir="auto">{citation.text}</pre>
      <a href={hrefOf(citation)}>Open it</a>
    </details>
  );
}

function placeOf(c: Citation): string {
  switch (c.kind) {
    case 'incident':
      return `Incident ${c.id}, ${c.code}`;
    case 'evidence':
      return `${c.of} ${c.source ?? ''} of ${refWords(c.resource)}`.replace('  ', ' ');
    case 'ruledOut':
      return `Ruled out in ${c.context}`;
    case 'plan':
      return `Plan ${c.id}, hash ${c.hash.slice(0, 12)}`;
    case 'read':
      return `${READ[c.of]}${c.resource === null ? '' : ` of ${refWords(c.resource)}`}${c.context === null ? '' : ` in ${c.context}`}`;
    case 'past':
      return `Incident ${c.incident} in ${c.context}, entries ${c.opened} to ${c.resolved} of the log`;
    case 'passage':
      return `${c.source}/${c.path}:${c.line}${c.heading === '' ? '' : `, ${c.heading}`} (${c.trust})`;
  }
}

type Read = Extract<Citation, { kind: 'read' }>;

const READ: Readonly<Record<Read['of'], string>> = {
  object: 'Fields',
  list: 'Objects',
  changes: 'Changes',
  metrics: 'Metrics',
  signals: 'What is judged',
  logs: 'Logs',
  access: 'Roles and bindings',
  plans: 'Plans',
  clusters: 'Contexts',
};
/** The tab of an object's page where the same is seen. */
const TAB: Readonly<Partial<Record<Read['of'], string>>> = {
  object: 'yaml',
  changes: 'overview',
  metrics: 'metrics',
  signals: 'metrics',
  logs: 'logs',
};

function linkToRead({ of, resource, context, source }: Read): string {
  if (resource !== null && context !== null) return linkToRef(context, resource, TAB[of]);
  switch (of) {
    case 'plans':
      return linkTo('approvals');
    case 'signals':
    case 'metrics':
      return linkTo('feed', 'alerts');
    case 'access':
      return linkTo('explore', '~access');
    case 'clusters':
      return linkTo('fleet', undefined, { as: 'list' });
    case 'changes':
      return linkTo('feed');
    default:
      return linkTo('explore', kindListed(source), context === null ? undefined : { in: context });
  }
}

/** `pods` of `quarterdeck get pods -n shop`. */
const kindListed = (source: string): string | undefined => /^quarterdeck get ([a-z.]+)/.exec(source)?.[1];

function hrefOf(c: Citation): string {
  switch (c.kind) {
    case 'incident':
      return linkTo('incidents', c.id);
    case 'evidence':
      return linkTo('incidents', c.incident, { tab: 'evidence' });
    case 'ruledOut':
      return c.incident === null ? linkTo('incidents') : linkTo('incidents', c.incident, { tab: 'ruled-out' });
    case 'plan':
      return linkTo('approvals', c.id);
    case 'read':
      return linkToRead(c);
    case 'past':
      return linkTo('incidents', c.incident, { tab: 'timeline' });
    case 'passage':
      return linkToDocument(c.source, c.path, c.line);
  }
}
