import { useEffect, useState } from 'react';
import type { Failure, Forward } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';
import { useClient } from '../state/bridge-context.ts';
import { type Order, useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Problem } from '../ui/problem.tsx';

const LOOK_MS = 2_000;

export interface Forwards {
  /** Undefined before they were read. */
  readonly list: readonly Forward[] | undefined;
  readonly failure: Failure | undefined;
  readonly look: () => void;
}

/** Ports that are forwarded, as long as somebody looks at them: a pod may be replaced, a connection may come. */
export function useForwards(): Forwards {
  const client = useClient();
  const [known, setKnown] = useState<Pick<Forwards, 'list' | 'failure'>>({ list: undefined, failure: undefined });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        const { forwards } = await client.forward.list({});
        if (!over) setKnown({ list: forwards, failure: undefined });
      } catch (error) {
        if (!over) setKnown((k) => ({ ...k, failure: failureOf(error) }));
      }
      if (!over) timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [client, again]);
  return { ...known, look: () => setAgain((n) => n + 1) };
}

/** Forwarded ports: where each leads now, its link, and the button that stops it. */
export function ForwardList({ forwards, look }: { forwards: readonly Forward[]; look: () => void }) {
  const order = useOrder();
  return (
    <>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      <ul className="forwards">
        {forwards.map((f) => (
          <ForwardRow key={f.id} forward={f} order={order} look={look} />
        ))}
      </ul>
    </>
  );
}

function ForwardRow({ forward: f, order, look }: { forward: Forward; order: Order; look: () => void }) {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const link = `http://127.0.0.1:${f.localPort}`;
  return (
    <li>
      <a className="name" href={link} target="_blank" rel="noreferrer">
        127.0.0.1:{f.localPort}
      </a>
      <CopyButton text={link} words={`Copy ${link}`} label="Copy link" />
      <span>
        to{' '}
        <span className="name">
          {f.pod}:{f.remotePort}
        </span>{' '}
        <span className="hint">
          for {f.target} in {f.namespace} of {f.context}; {f.connections === 1 ? '1 connection' : `${f.connections} connections`}
        </span>
        {f.failure !== null && <span className="tone-broken"> {f.failure}</span>}
      </span>
      <button
        type="button"
        disabled={order.running}
        onClick={() =>
          order.give(async () => {
            await client.forward.close({ id: f.id, by });
            look();
          })
        }
      >
        Stop
      </button>
    </li>
  );
}
