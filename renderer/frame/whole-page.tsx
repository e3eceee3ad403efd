import { type FormEvent, useState } from 'react';
import { giveToken } from '../bridge/http.ts';
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
      <GiveToken />
    </main>
  );
}

/** A token of one's own, or the one in the token file, in the place of a link. */
export function GiveToken() {
  const [token, setToken] = useState('');
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (token.trim() !== '') giveToken(window, token.trim().replace(/^.*#token=/, ''));
  };
  return (
    <form className="give-token" onSubmit={submit}>
      <label>
        Or a link, or a token
        <input type="password" value={token} autoComplete="off" onChange={(e) => setToken(e.target.value)} />
      </label>
      <button type="submit" disabled={token.trim() === ''}>
        Open
      </button>
    </form>
  );
}

/** Before anything was read. */
export function Unreached() {
  const failure = usePage((s) => s.failure);
  return (
    <main className="whole" aria-busy={failure === undefined}>
      <h1>{failure === undefined ? 'Asking Quarterdeck…' : 'Quarterdeck does not answer'}</h1>
      {failure !== undefined && (
        <>
          <Problem failure={failure} />
          <p>This page itself is kept on the device. What it shows is not: it comes from the host, and is here as soon as that answers.</p>
        </>
      )}
    </main>
  );
}
