import { usePage } from '../state/page.ts';
import { Problem } from '../ui/problem.tsx';

/** Without a token nothing can be asked. */
export function NoLink() {
  return (
    <main className="whole">
      <h1>This page needs the link of a running Quarterdeck</h1>
      <p>
        The link is printed by <code>npm start</code> and <code>quarterdeck serve</code>. It ends in <code>#token=…</code> and is made anew
        at every start, so an older link or a bookmark without it does not open.
      </p>
    </main>
  );
}

/** Before anything was read. */
export function Unreached() {
  const failure = usePage((s) => s.failure);
  return (
    <main className="whole" aria-busy={failure === undefined}>
      <h1>{failure === undefined ? 'Asking Quarterdeck…' : 'Quarterdeck does not answer'}</h1>
      {failure !== undefined && <Problem failure={failure} />}
    </main>
  );
}
