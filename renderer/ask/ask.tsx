import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Failure } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useReading } from '../explore/reading.ts';
import { useClient } from '../state/bridge-context.ts';
import { useHereState } from '../state/here.ts';
import { usePage } from '../state/page.ts';
import { linkTo, useRoute } from '../state/route.ts';
import { Age } from '../ui/age.tsx';
import { Icon } from '../ui/icons.tsx';
import { Problem } from '../ui/problem.tsx';
import { AnswerView } from './answer.tsx';
import './ask.css';

const EXAMPLES = [
  'What is wrong right now?',
  'Why does it fail, and what would repair it?',
  'What changed in the last hour?',
  'Which workloads use the most memory, and which will run out of it?',
  'Who can delete pods?',
  'What does it mean that a pod is evicted?',
];

/** Questions in plain words. `#/ask/talk-…` is an earlier conversation, `#/ask?q=…` asks at once. */
export function Ask() {
  const { id, query } = useRoute();
  const [again, setAgain] = useState(0);
  const told = useCallback(() => setAgain((n) => n + 1), []);
  return (
    <div className="ask">
      <Earlier current={id} again={again} told={told} />
      <Conversation key={id ?? 'new'} session={id} first={query.get('q') ?? undefined} told={told} />
    </div>
  );
}

function Earlier({ current, again, told }: { current: string | undefined; again: number; told: () => void }) {
  const client = useClient();
  const { value } = useReading<{ sessions: { id: string; title: string; at: string; turns: number }[] }>(
    useCallback(
      async (c, signal, tell) => {
        void again;
        tell(await c.ask.sessions({}, { signal }));
      },
      [again],
    ),
  );
  const forget = (session: string) =>
    void client.ask.forget({ session }).then(() => {
      if (session === current) window.location.hash = linkTo('ask');
      told();
    }, told);
  const sessions = value?.sessions ?? [];
  return (
    <nav className="earlier" aria-label="Earlier conversations">
      <a className="button" href={linkTo('ask')} aria-current={current === undefined ? 'page' : undefined}>
        New question
      </a>
      {sessions.length > 0 && (
        <ul>
          {sessions.map((s) => (
            <li key={s.id}>
              <a href={linkTo('ask', s.id)} aria-current={s.id === current ? 'page' : undefined} title={s.title}>
                <span className="truncate">{s.title}</span>
                <span className="row-meta">
                  <Age at={s.at} suffix=" ago" />, {s.turns === 1 ? '1 question' : `${s.turns} questions`}
                </span>
              </a>
              <button type="button" className="bare" aria-label={`Delete ${s.title}`} onClick={() => forget(s.id)}>
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </nav>
  );
}

function Conversation({ session: given, first, told }: { session: string | undefined; first: string | undefined; told: () => void }) {
  const client = useClient();
  const [session, setSession] = useState(given);
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [read, setRead] = useState(given === undefined);
  const [asking, setAsking] = useState<{ readonly question: string; readonly doing: string } | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [words, setWords] = useState('');
  const running = useRef<AbortController | undefined>(undefined);
  const end = useRef<HTMLDivElement>(null);
  const chosen = useHereState((s) => s.chosen);
  const model = usePage((s) => s.info?.model ?? null);

  useEffect(() => {
    if (given === undefined) return undefined;
    const left = new AbortController();
    client.ask.session({ session: given }, { signal: left.signal }).then(
      (known) => {
        setAnswers(known.answers);
        setRead(true);
      },
      (error: unknown) => {
        if (!left.signal.aborted) setFailure(failureOf(error));
      },
    );
    return () => left.abort();
  }, [client, given]);

  const ask = useCallback(
    async (question: string) => {
      if (running.current !== undefined || question.trim() === '') return;
      const control = new AbortController();
      running.current = control;
      setFailure(undefined);
      setWords('');
      setAsking({ question, doing: 'Asking' });
      try {
        const stream = await client.ask.follow(
          { question, ...(session === undefined ? {} : { session }), ...(chosen === undefined ? {} : { context: chosen }) },
          { signal: control.signal },
        );
        for await (const notice of stream) {
          if (notice.type === 'doing') setAsking({ question, doing: notice.words });
          else {
            setSession(notice.answer.session);
            // Whoever opens what the answer rests on finds the way back to it.
            window.history.replaceState(null, '', linkTo('ask', notice.answer.session));
            setAnswers((before) => [...before, notice.answer]);
          }
        }
        told();
      } catch (error) {
        if (control.signal.aborted) setWords(question);
        else setFailure(failureOf(error));
      } finally {
        running.current = undefined;
        setAsking(undefined);
      }
    },
    [client, session, chosen, told],
  );

  const asked = useRef(false);
  useEffect(() => {
    if (first === undefined || asked.current) return;
    asked.current = true;
    window.history.replaceState(null, '', linkTo('ask'));
    void ask(first);
  }, [first, ask]);
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    // What it returns is no cleanup: newer browsers give a promise.
    end.current?.parentElement?.querySelector('.turn:last-of-type')?.scrollIntoView({ block: 'start' });
  }, [answers.length, asking]);

  const submit = (e: FormEvent) => {
    e.preventDefault();
    void ask(words);
  };
  return (
    <section className="talk" aria-label="Conversation">
      <div className="turns" role="log" aria-label="Questions and answers">
        {read && answers.length === 0 && asking === undefined && failure === undefined && (
          <div className="empty">
            <h2>Ask in your own words</h2>
            <p>
              An answer is quoted from what was found in a cluster and from what is written, with what it rests on. What is not known is
              said to be not known. Asking changes nothing: what would help is a plan that you approve or do not.
            </p>
            <ul className="examples">
              {EXAMPLES.map((example) => (
                <li key={example}>
                  <button type="button" onClick={() => void ask(example)}>
                    {example}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )}
        {answers.map((answer) => (
          <AnswerView key={answer.id} answer={answer} />
        ))}
        {asking !== undefined && (
          <article className="turn" aria-busy="true">
            <h3 dir="auto">{asking.question}</h3>
            <p className="hint" role="status">
              {asking.doing}…
            </p>
          </article>
        )}
        {failure !== undefined && <Problem failure={failure} />}
        <div ref={end} />
      </div>
      <form className="question" onSubmit={submit}>
        <input
          aria-label="Your question"
          placeholder={answers.length === 0 ? 'Why does checkout crash?' : 'And why? What would repair it?'}
          value={words}
          maxLength={2_000}
          autoFocus
          onChange={(e) => setWords(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && running.current !== undefined) {
              e.stopPropagation();
              running.current.abort();
            }
          }}
        />
        {asking === undefined ? (
          <button type="submit" className="primary" disabled={words.trim() === ''}>
            Ask
          </button>
        ) : (
          <button type="button" onClick={() => running.current?.abort()}>
            Cancel
          </button>
        )}
        <p className="hint">
          {model === null ? 'No model is needed: sentences are quoted as they stand.' : `Model: ${model}`}
          {chosen === undefined ? '' : ` About ${chosen}.`}
        </p>
      </form>
    </section>
  );
}
