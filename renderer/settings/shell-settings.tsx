import { type FormEvent, useEffect, useState } from 'react';
import type { Shell } from '../../agents/contract/index.ts';
import { useClient } from '../state/bridge-context.ts';
import { useOrder } from '../state/order.ts';
import { usePage } from '../state/page.ts';
import { Age } from '../ui/age.tsx';
import { Problem } from '../ui/problem.tsx';
import { Switch } from './switch.tsx';

/** The program itself: newer versions, looked for only where a person says where; and whether it starts with the session. */
export function ShellSettings() {
  const client = useClient();
  const by = usePage((s) => s.info?.user ?? 'unknown');
  const order = useOrder();
  const [shell, setShell] = useState<Shell | undefined>(undefined);
  useEffect(() => {
    client.shell.get({}).then(setShell, () => undefined);
  }, [client]);
  const give = (work: () => Promise<Shell>) => order.give(async () => setShell(await work()));
  if (shell === undefined) return <p className="text-ink-3">Asking…</p>;
  const { startsWithSession, updates } = shell;
  return (
    <>
      {order.failure !== undefined && <Problem failure={order.failure} />}
      {updates.feed === null ? (
        <>
          <p>Nobody is asked for newer versions.</p>
          <Feed busy={order.running} follow={(feed) => give(() => client.shell.followUpdates({ feed, by }))} />
        </>
      ) : (
        <>
          <p className="wrap-anywhere">
            Once a day <span className="name">{updates.feed}</span> is read, and believed only with its signature.{' '}
            {updates.checkedAt !== null && (
              <span className="hint">
                Read <Age at={updates.checkedAt} suffix=" ago" />.
              </span>
            )}
          </p>
          {updates.problem !== null && <Problem failure={updates.problem} />}
          {updates.found === null ? (
            updates.problem === null && <p className="text-ink-3">This is the newest version.</p>
          ) : (
            <Found found={updates.found} />
          )}
          <div className="buttons mt-2">
            <button type="button" disabled={order.running} onClick={() => give(() => client.shell.checkUpdates({}))}>
              Look now
            </button>
            <button type="button" disabled={order.running} onClick={() => give(() => client.shell.followUpdates({ feed: null, by }))}>
              Ask nobody any more
            </button>
          </div>
        </>
      )}
      <h3 id="shell" className="mt-6">
        Starting with the session
      </h3>
      {startsWithSession === null ? (
        <p className="text-ink-3">
          It is started by hand here: this system, or the way Quarterdeck was started, has no switch for it. The system’s own settings may.
        </p>
      ) : (
        <Switch
          words="Start Quarterdeck when I log in"
          on={startsWithSession}
          set={(on) => give(() => client.shell.startWithSession({ on }))}
        />
      )}
    </>
  );
}

function Feed({ busy, follow }: { busy: boolean; follow: (feed: { url: string; publicKey: string }) => void }) {
  const [url, setUrl] = useState('');
  const [publicKey, setKey] = useState('');
  const submit = (e: FormEvent) => {
    e.preventDefault();
    follow({ url: url.trim(), publicKey: publicKey.trim() });
  };
  return (
    <details className="mt-2">
      <summary>Have a feed looked at once a day</summary>
      <form className="decide mt-2" aria-label="A feed of newer versions" onSubmit={submit}>
        <label>
          Address of the feed, https
          <input type="url" value={url} required placeholder="https://…" onChange={(e) => setUrl(e.target.value)} />
        </label>
        <label>
          The key it is signed with (Ed25519, base64)
          <input value={publicKey} required autoComplete="off" spellCheck={false} onChange={(e) => setKey(e.target.value)} />
        </label>
        <div className="buttons">
          <button type="submit" disabled={busy || url.trim() === '' || publicKey.trim() === ''}>
            Look at it
          </button>
          <span className="hint">Its host then learns of this machine’s address. Nothing is fetched or installed by itself.</span>
        </div>
      </form>
    </details>
  );
}

function Found({ found: { version, notes, files } }: { found: NonNullable<Shell['updates']['found']> }) {
  return (
    <div className="doing">
      <p>
        <strong>Version {version} is there.</strong> {notes}
      </p>
      <ul>
        {files.map(({ name, url, sha256 }) => (
          <li key={url} className="row-meta wrap-anywhere">
            {name}: <span className="name">{url}</span>, SHA-256 <code>{sha256}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
