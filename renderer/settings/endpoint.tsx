import { useState } from 'react';
import type { ModelsState, ModelUses, Place, QuestionId, RemoteSettings } from '../../agents/contract/index.ts';
import type { Client } from '../bridge/bridge.ts';
import { useReading } from '../explore/reading.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { Problem } from '../ui/problem.tsx';

const QUESTIONS: Readonly<Record<QuestionId, string>> = {
  explain: 'Put incidents into words',
  rankRemedies: 'Put remedies in order',
  pickRunbooks: 'Choose runbooks',
  nameAgent: 'Find the agent for a request',
  summarise: 'Summarise logs and timelines',
  answerFromPassages: 'Answer from what is known',
};
const PLACES: Readonly<Record<Place, string>> = { local: 'this machine', remote: 'the endpoint', off: 'nobody' };

const keyWords: Readonly<Record<ModelsState['remoteKey'], string>> = {
  none: 'none is kept',
  system: 'one is kept in the keychain of this desktop',
  file: 'one is kept in a file that only you may read',
};

/** A model elsewhere, and which questions may go there. By default none. */
export function Endpoint({ state, done }: { state: ModelsState; done: (state: ModelsState) => void }) {
  const client = useClient();
  const order = useOrder();
  const { remote, where } = state.settings;
  const [url, setUrl] = useState(remote?.url ?? '');
  const [model, setModel] = useState(remote?.model ?? '');
  const [hide, setHide] = useState<RemoteSettings['hide']>(remote?.hide ?? 'names');
  const [key, setKey] = useState('');
  const set = (change: Parameters<typeof client.models.set>[0]) => order.give(() => client.models.set(change).then(done));
  return (
    <>
      <p className="text-ink-3">
        Any endpoint that speaks as OpenAI&apos;s does: Ollama, the server of llama.cpp, vLLM, a cloud.{' '}
        {remote === null
          ? 'None is set, so nothing leaves this machine.'
          : 'Only the kinds of questions that are sent there below leave this machine.'}
      </p>
      <Spent remote={remote !== null} />
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <form
        className="my-2 flex flex-wrap items-end gap-3"
        aria-label="Endpoint"
        onSubmit={(e) => {
          e.preventDefault();
          set({
            remote: { contextTokens: 8_192, inputPrice: 0, outputPrice: 0, ...remote, url: url.trim(), model: model.trim(), hide },
            ...(key === '' ? {} : { key }),
          });
          setKey('');
        }}
      >
        <label className="min-w-60 flex-1">
          Address
          <input
            className="w-full"
            value={url}
            placeholder="http://127.0.0.1:11434/v1"
            autoComplete="off"
            onChange={(e) => setUrl(e.target.value)}
          />
        </label>
        <label className="min-w-40 flex-1">
          Model
          <input className="w-full" value={model} placeholder="qwen3:8b" autoComplete="off" onChange={(e) => setModel(e.target.value)} />
        </label>
        <label className="min-w-40 flex-1">
          Key ({keyWords[state.remoteKey]})
          <input className="w-full" type="password" value={key} autoComplete="off" onChange={(e) => setKey(e.target.value)} />
        </label>
        <label className="inline-flex min-h-6 items-center gap-2">
          <input type="checkbox" checked={hide === 'names'} onChange={(e) => setHide(e.target.checked ? 'names' : 'credentials')} />
          Hide names of objects from it
        </label>
        <span className="buttons">
          <button type="submit" className="primary" disabled={order.running || url.trim() === '' || model.trim() === ''}>
            Set it
          </button>
          {remote !== null && (
            <button type="button" disabled={order.running} onClick={() => set({ remote: null, key: null })}>
              Forget it
            </button>
          )}
        </span>
      </form>
      <fieldset className="my-2" disabled={order.running}>
        <legend className="text-ink-3">Who is asked</legend>
        {(Object.keys(QUESTIONS) as QuestionId[]).map((question) => (
          <label key={question} className="flex flex-wrap items-center gap-x-3 py-1">
            <span className="min-w-52 flex-1">{QUESTIONS[question]}</span>
            <select value={where[question] ?? 'local'} onChange={(e) => set({ where: { [question]: e.target.value as Place } })}>
              {(Object.keys(PLACES) as Place[]).map((place) => (
                <option key={place} value={place} disabled={place === 'remote' && remote === null}>
                  {PLACES[place]}
                </option>
              ))}
            </select>
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** What went to endpoints in the last days, and what it cost; nothing where nothing went. */
function Spent({ remote }: { remote: boolean }) {
  // What it cost is no part of setting it: where that cannot be read, the rest of the page says why.
  const { value: used } = useReading<ModelUses>(readUsed);
  if (used === undefined) return null;
  const sent = used.uses.filter((u) => u.where === 'remote');
  if (sent.length === 0 && !remote) return null;
  const sum = (of: (use: ModelUses['uses'][number]) => number) => sent.reduce((all, use) => all + of(use), 0);
  return (
    <p className="text-ink-3">
      {sent.length === 0
        ? `Nothing went there in the last ${DAYS} days.`
        : `In the last ${DAYS} days ${sum((u) => u.shown + u.refused + u.failed).toLocaleString()} questions went to an endpoint: ${sum((u) => u.inputTokens).toLocaleString()} tokens were sent and ${sum((u) => u.outputTokens).toLocaleString()} came back, ${used.cost.toFixed(2)} by the prices set.`}
    </p>
  );
}

const DAYS = 30;
const readUsed = async (client: Client, signal: AbortSignal, tell: (used: ModelUses) => void): Promise<void> =>
  tell(await client.models.used({ days: DAYS }, { signal }));
