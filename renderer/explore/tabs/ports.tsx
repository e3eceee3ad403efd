import { useState } from 'react';
import { useClient } from '../../state/bridge-context.ts';
import { useOrder } from '../../state/order.ts';
import { usePage } from '../../state/page.ts';
import { Problem } from '../../ui/problem.tsx';
import { ForwardList, useForwards } from '../forwards.tsx';
import type { TabProps } from '../object-tabs.ts';
import { TypedContext, useGuarded } from '../typed-context.tsx';

/** Ports of this machine that lead to this object, and the way to another one. */
export function ObjectPorts({ place: { context, namespace = 'default', name }, facts: { kind, ports } }: TabProps) {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const { guarded, readOnly } = useGuarded(context);
  const order = useOrder();
  const forwards = useForwards();
  const [port, setPort] = useState(ports[0]?.port ?? '');
  const [local, setLocal] = useState('');
  const [typed, setTyped] = useState('');
  const target = `${kind}/${name}`;
  const mine = (forwards.list ?? []).filter((f) => f.context === context && f.namespace === namespace && f.target === target);
  const open = () =>
    order.give(async () => {
      await client.forward.open({
        context,
        namespace,
        target,
        port: /^\d+$/.test(port) ? Number(port) : port,
        by,
        ...(local === '' ? {} : { localPort: Number(local) }),
        ...(guarded ? { typedContext: typed } : {}),
      });
      forwards.look();
    });
  return (
    <>
      <form
        className="tool-bar"
        onSubmit={(e) => {
          e.preventDefault();
          open();
        }}
      >
        <label>
          Port{' '}
          <input
            list="object-ports"
            aria-label="Port of the object"
            value={port}
            required
            size={8}
            onChange={(e) => setPort(e.target.value)}
          />
        </label>
        <datalist id="object-ports">
          {ports.map((p) => (
            <option key={`${p.port} ${p.name}`} value={p.port}>
              {p.name}
            </option>
          ))}
        </datalist>
        <label>
          from 127.0.0.1:{' '}
          <input
            aria-label="Local port"
            placeholder="a free one"
            inputMode="numeric"
            pattern="[0-9]{1,5}"
            size={8}
            value={local}
            onChange={(e) => setLocal(e.target.value)}
          />
        </label>
        {guarded && <TypedContext context={context} value={typed} change={setTyped} />}
        <button type="submit" className="primary" disabled={readOnly || port === '' || order.running || (guarded && typed !== context)}>
          Forward
        </button>
        {readOnly && <span className="hint">The context is read-only: nothing is opened into it.</span>}
      </form>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {forwards.failure !== undefined && <Problem failure={forwards.failure} />}
      {forwards.list === undefined && forwards.failure === undefined && <p className="hint">Reading…</p>}
      {forwards.list !== undefined && mine.length === 0 && (
        <p className="hint">No port leads here. A forwarded port listens on this machine alone, and follows a pod that is replaced.</p>
      )}
      <ForwardList forwards={mine} look={forwards.look} />
    </>
  );
}
