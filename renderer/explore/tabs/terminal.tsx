import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../agents/contract/index.ts';
import { useClient } from '../../state/bridge-context.ts';
import { usePage } from '../../state/page.ts';
import { type Screen, createScreen } from '../../terminal/screen.ts';
import { type Session, openSession } from '../../terminal/session.ts';
import { Problem } from '../../ui/problem.tsx';
import type { TabProps } from '../object-tabs.ts';
import { TypedContext, useGuarded } from '../typed-context.tsx';

/** What is tried where nothing is named: the better shell of those that are there. */
const SHELL = ['sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'];

type State =
  | { readonly at: 'closed' }
  | { readonly at: 'opening' }
  | { readonly at: 'open'; readonly pod: string }
  | { readonly at: 'ended'; readonly words: string; readonly failure: Failure | undefined };

/** A shell in a container, opened by a person and recorded: who, where and what was run; not what was typed or printed. */
export function Terminal({ place: { context, namespace = 'default', name }, facts: { kind, containers } }: TabProps) {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const { guarded, readOnly } = useGuarded(context);
  const [container, setContainer] = useState('');
  const [command, setCommand] = useState('');
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<State>({ at: 'closed' });
  const box = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>(undefined);
  const session = useRef<Session>(undefined);
  const end = () => {
    session.current?.close();
    session.current = undefined;
  };
  useEffect(
    () => () => {
      session.current?.close();
      screen.current?.destroy();
    },
    [],
  );

  const open = () => {
    const { current } = box;
    if (current === null) return;
    end();
    screen.current?.destroy();
    setState({ at: 'opening' });
    // Shown before it is measured.
    current.hidden = false;
    const own = createScreen(current, `Terminal in ${name}`, {
      typed: (text) => session.current?.typed(text),
      resized: (columns, rows) => session.current?.resized(columns, rows),
    });
    screen.current = own;
    session.current = openSession(
      client,
      {
        context,
        namespace,
        target: `${kind}/${name}`,
        ...(container === '' ? {} : { container }),
        command: command.trim() === '' ? SHELL : command.trim().split(/\s+/),
        by,
        ...(guarded ? { typedContext: typed } : {}),
        size: own.size,
      },
      {
        opened: (pod) => {
          setState({ at: 'open', pod });
          own.focus();
        },
        output: (data) => own.write(data),
        ended: (words, failure) => {
          session.current = undefined;
          setState({ at: 'ended', words, failure });
        },
      },
    );
  };
  const running = state.at === 'open' || state.at === 'opening';
  return (
    <div className="terminal-tab">
      <form
        className="tool-bar"
        onSubmit={(e) => {
          e.preventDefault();
          if (!running) open();
        }}
      >
        {containers.length > 1 && (
          <select aria-label="Container" value={container} disabled={running} onChange={(e) => setContainer(e.target.value)}>
            <option value="">first container</option>
            {containers.map((c) => (
              <option key={c.name}>{c.name}</option>
            ))}
          </select>
        )}
        <input
          aria-label="Command"
          placeholder="Command: a shell"
          value={command}
          disabled={running}
          spellCheck={false}
          onChange={(e) => setCommand(e.target.value)}
        />
        {guarded && !running && <TypedContext context={context} value={typed} change={setTyped} />}
        {running ? (
          <button type="button" className="danger quiet" onClick={end}>
            End it
          </button>
        ) : (
          <button type="submit" className="primary" disabled={readOnly || (guarded && typed !== context)}>
            {state.at === 'ended' ? 'Open again' : 'Open a shell'}
          </button>
        )}
        <span className="hint" role="status">
          {readOnly
            ? 'The context is read-only: no shell is opened from here.'
            : state.at === 'opening'
              ? 'Opening…'
              : state.at === 'open'
                ? `In ${state.pod}, as ${by}.`
                : state.at === 'ended'
                  ? state.words
                  : 'Who opened a shell, where and with which command is in the log; what is typed and printed is not.'}
        </span>
      </form>
      {state.at === 'ended' && state.failure !== undefined && <Problem failure={state.failure} />}
      <div ref={box} className="terminal-box" hidden />
    </div>
  );
}
