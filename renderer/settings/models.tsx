import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, ModelProgress, ModelRow, ModelsState } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { Problem } from '../ui/problem.tsx';
import { Endpoint } from './endpoint.tsx';

/** While one is fetched the list is read again so often, milliseconds. */
const AGAIN_MS = 1_000;

/** The models: which is used for what, which can be had, and the endpoint. */
export function Models() {
  const client = useClient();
  const [state, setState] = useState<ModelsState | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const read = useCallback(() => client.models.list({}).then(setState, (error: unknown) => setFailure(failureOf(error))), [client]);
  useEffect(() => void read(), [read]);
  // One that is fetched from elsewhere, or was just stopped, is looked at again until that is over.
  const under = state?.models.some((m) => m.state === 'pulling') === true;
  useEffect(() => {
    if (!under) return;
    const timer = setInterval(() => void read(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [under, read]);
  if (failure !== undefined) return <Problem failure={failure} />;
  if (state === undefined) return <p className="text-ink-3">Looking for models…</p>;
  const { machine } = state;
  const group = (purpose: ModelRow['purpose']) => state.models.filter((m) => m.purpose === purpose);
  return (
    <>
      <p>
        Everything works without a model. One that writes puts things into words, and only what holds to the facts is shown; one for search
        finds by meaning.
      </p>
      <p className="row-meta my-1">
        {machine.folder}: {size(machine.freeDiskBytes)} free on its disk, {size(machine.availableBytes)} of {size(machine.memoryBytes)}{' '}
        memory free
      </p>
      <Group title="For words" rows={group('instruct')} none={() => client.models.use({ name: null, purpose: 'instruct' })} done={read} />
      <Group title="For search" rows={group('embedding')} done={read} />
      <Import done={read} />
      <h4 className="mt-4">Endpoint</h4>
      <Endpoint key={JSON.stringify(state.settings.remote)} state={state} done={setState} />
    </>
  );
}

function Group({
  title,
  rows,
  none,
  done,
}: {
  title: string;
  rows: readonly ModelRow[];
  none?: () => Promise<unknown>;
  done: () => Promise<void>;
}) {
  const order = useOrder();
  const used = rows.some((r) => r.inUse);
  return (
    <>
      <h4 className="mt-4 flex items-center gap-3">
        {title}
        {none !== undefined && used && (
          <button type="button" disabled={order.running} onClick={() => order.give(() => none().then(done))}>
            Use none
          </button>
        )}
      </h4>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <ul aria-label={title}>
        {rows.map((row) => (
          <Row key={row.name} row={row} done={done} />
        ))}
      </ul>
    </>
  );
}

function Row({ row, done }: { row: ModelRow; done: () => Promise<void> }) {
  const client = useClient();
  const order = useOrder();
  const coming = useComing(done);
  const here = row.state === 'here';
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2">
      <span className="min-w-52 flex-1">
        {row.title}
        {row.inUse && <span className="mark ms-2">in use</span>}
        <span className="row-meta block">
          {size(row.bytes)}, {size(row.memoryBytes)} memory{row.licence !== null && `, ${row.licence}`}
        </span>
        {row.goodFor !== null && <span className="hint block">{row.goodFor}</span>}
        {row.problem !== null && <span className="hint block text-broken">{row.problem}</span>}
        {coming.step !== undefined && <Coming step={coming.step} />}
        {(coming.failure ?? order.failure) !== undefined && <Problem failure={(coming.failure ?? order.failure) as Failure} />}
      </span>
      {coming.step !== undefined ? (
        <button type="button" onClick={coming.stop} aria-label={`Stop fetching ${row.title}`}>
          Stop
        </button>
      ) : (
        <>
          {here && !row.inUse && (
            <button
              type="button"
              disabled={order.running || row.problem !== null}
              aria-label={`Use ${row.title}`}
              onClick={() => order.give(() => client.models.use({ name: row.name }).then(done))}
            >
              Use
            </button>
          )}
          {(row.state === 'absent' || row.state === 'partial') && !row.goodFor?.includes('Comes with') && (
            <button
              type="button"
              aria-label={row.state === 'partial' ? `Go on, ${size(row.received)} are here: ${row.title}` : `Fetch ${row.title}`}
              onClick={() => coming.begin((signal) => client.models.pull({ name: row.name }, { signal }))}
            >
              {row.state === 'partial' ? `Go on, ${size(row.received)} are here` : 'Fetch'}
            </button>
          )}
          {row.state === 'pulling' && <span className="hint">being fetched, {size(row.received)}</span>}
          {row.state !== 'absent' && row.state !== 'pulling' && !row.bundled && (
            <button
              type="button"
              disabled={order.running}
              aria-label={`Delete ${row.title}`}
              onClick={() => order.give(() => client.models.remove({ name: row.name }).then(done))}
            >
              Delete
            </button>
          )}
        </>
      )}
    </li>
  );
}

function Coming({ step }: { step: ModelProgress }) {
  const words = step.stage === 'waiting' ? (step.note ?? 'waiting') : step.stage === 'verifying' ? 'its sum is being checked' : '';
  return (
    <span className="block">
      <progress className="w-full" max={step.total} value={step.received} aria-label={`${size(step.received)} of ${size(step.total)}`} />
      <span className="row-meta" role="status">
        {size(step.received)} of {size(step.total)} {words}
      </span>
    </span>
  );
}

/** A file of one's own, from this machine or a stick. */
function Import({ done }: { done: () => Promise<void> }) {
  const client = useClient();
  const [path, setPath] = useState('');
  const coming = useComing(done);
  return (
    <form
      className="my-3 flex flex-wrap items-end gap-3"
      aria-label="Take in a model file"
      onSubmit={(e) => {
        e.preventDefault();
        coming.begin((signal) => client.models.import({ path: path.trim() }, { signal }));
      }}
    >
      <label className="min-w-60 flex-1">
        A file of the machine the app runs on, or of a stick in it
        <input
          className="w-full"
          value={path}
          placeholder="/media/stick/model.gguf"
          autoComplete="off"
          onChange={(e) => setPath(e.target.value)}
        />
      </label>
      <button type="submit" disabled={coming.step !== undefined || path.trim() === ''}>
        Take it in
      </button>
      {coming.step !== undefined && <Coming step={coming.step} />}
      {coming.failure !== undefined && <Problem failure={coming.failure} />}
    </form>
  );
}

/** Something that comes in steps, and can be stopped. */
function useComing(done: () => Promise<void>) {
  const [step, setStep] = useState<ModelProgress | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const stop = useRef<AbortController | undefined>(undefined);
  const begin = (start: (signal: AbortSignal) => Promise<AsyncIterable<ModelProgress>>) => {
    const { signal } = (stop.current = new AbortController());
    setFailure(undefined);
    void (async () => {
      try {
        for await (const now of await start(signal)) setStep(now);
      } catch (error) {
        if (!signal.aborted) setFailure(failureOf(error));
      } finally {
        setStep(undefined);
        await done();
      }
    })();
  };
  return { step, failure, begin, stop: () => stop.current?.abort() };
}

const size = (bytes: number) =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e6
      ? `${String(Math.round(bytes / 1e6))} MB`
      : `${String(Math.round(bytes / 1e3))} KB`;
