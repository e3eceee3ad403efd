import { expect, test } from 'vitest';
import type { Envelope, HostEvent } from '../../agents/contract/index.ts';
import { openSignIns, piecesOf } from './sign-ins.ts';

const log = (...events: HostEvent[]): Envelope[] =>
  events.map((event, i) => ({ v: 1 as const, seq: i + 1, at: '2026-11-23T14:00:00.000Z', prev: '', hash: '', event })).toReversed();
const asked = (context: string, text: string): HostEvent => ({ type: 'signIn.asked', context, user: 'me', text });
const ended = (context: string): HostEvent => ({ type: 'signIn.ended', context, user: 'me', failure: null });

test('a login is open until it has ended, in its newest words, and until the app was started anew', () => {
  const texts = (...events: HostEvent[]) => openSignIns(log(...events)).map((s) => `${s.context}: ${s.text}`);
  expect(texts(asked('a', 'one'), asked('b', 'two'), asked('a', 'three'))).toEqual(['a: three', 'b: two']);
  expect(texts(asked('a', 'one'), asked('b', 'two'), ended('a'))).toEqual(['b: two']);
  expect(texts(ended('a'), asked('a', 'again'))).toEqual(['a: again']);
  expect(texts(asked('a', 'one'), { type: 'app.started', version: '1', demo: false })).toEqual([]);
});

test('only https addresses may be pressed, without the full stop behind them', () => {
  expect(piecesOf('Open https://login.example/device. Code AB-12')).toEqual([
    { text: 'Open ' },
    { href: 'https://login.example/device' },
    { text: '. Code AB-12' },
  ]);
  expect(piecesOf('javascript:alert(1) http://x.example file:///etc')).toEqual([
    { text: 'javascript:alert(1) http://x.example file:///etc' },
  ]);
});
