import { Problem } from '../../ui/problem.tsx';
import { ForwardList, useForwards } from '../forwards.tsx';

/** Every port of this machine that leads into a cluster. */
export function AllPorts() {
  const { list, failure, look } = useForwards();
  return (
    <article className="object detail">
      <h1>Forwarded ports</h1>
      {failure !== undefined && <Problem failure={failure} />}
      {list === undefined && failure === undefined && <p className="hint">Reading…</p>}
      {list?.length === 0 && (
        <div className="empty">
          <h2>No port is forwarded</h2>
          <p>
            Open a pod, a Service or a workload, and forward one under Ports. It listens on this machine alone, and follows a pod that is
            replaced.
          </p>
        </div>
      )}
      <ForwardList forwards={list ?? []} look={look} />
    </article>
  );
}
