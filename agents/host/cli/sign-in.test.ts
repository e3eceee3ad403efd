import { expect, test } from 'vitest';
import type { Envelope, HostEvent } from '../../contract/index.ts';
import type { Client } from './session.ts';
import { openOnes, showSignIns } from './sign-in.ts';

const asked = (context: string, text: string): HostEvent => ({ type: 'signIn.asked', context, user: 'me', text });
const ended = (context: string, failure: string | null = null): HostEvent => ({ type: 'signIn.ended', context, user: 'me', failure });
const log = (...events: HostEvent[]): Envelope[] =>
  events.map((event, i) => ({ v: 1, seq: i + 1, at: '2026-11-23T10:00:00Z', prev: '', hash: '', event }));

test('a login that waits is one that has not ended, and was not asked for by an app that is gone', () => {
  const events = log(
    asked('old', 'x'),
    { type: 'app.started', version: '1', demo: false },
    asked('a', 'open this'),
    asked('b', 'and that'),
    asked('a', 'again'),
    ended('b', 'no time'),
  );
  expect(openOnes(events)).toEqual([asked('a', 'open this'), asked('a', 'again')]);
});

test('what waits already is shown, then what comes, without the control characters of whoever wrote it', async () => {
  const stop = new AbortController();
  const before = log(asked('a', 'Open https://x\nand enter AB-CD'));
  const client = {
    app: { info: () => Promise.resolve({ lastEvent: 1 }) },
    events: {
      list: () => Promise.resolve({ events: before, last: 1 }),
      stream: ({ since }: { since: number }) => Promise.resolve(following(since)),
    },
  } as unknown as Client;
  async function* following(since: number) {
    expect(since).toBe(1);
    yield* log(ended('a'), asked('b\u001b[2J', 'code 7'), ended('b', 'too late'));
    stop.abort();
    throw stop.signal.reason;
  }
  let shown = '';
  await showSignIns(client, stop.signal, (text) => (shown += text));
  expect(shown).toBe(
    'a: the login of me says:\n  Open https://x\n  and enter AB-CD\na: me is logged in.\nb\\x1b[2J: the login of me says:\n  code 7\n',
  );
});
