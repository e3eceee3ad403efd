import { describe, expect, test } from 'vitest';
import type { LogItem } from '../../agents/contract/index.ts';
import { LogBook, lineText, matcherOf } from './log-book.ts';

const lines = (...texts: string[]): LogItem => ({
  type: 'lines',
  context: 'c',
  namespace: 'n',
  lines: texts.map((line, i) => ({ pod: `pod-${i % 2}`, container: 'app', at: '2026-01-01T00:00:00Z', line })),
});
const texts = (book: LogBook) => book.shown.map((l) => l.text);

describe('lines of logs', () => {
  test('the newest are kept, whatever comes, by number and by size', () => {
    const book = new LogBook({ lines: 100, characters: 1_000_000 });
    for (let i = 0; i < 1_000; i++) book.take([lines(String(i), String(i))]);
    expect(book.size).toBeLessThanOrEqual(110);
    expect(book.size).toBeGreaterThanOrEqual(100);
    expect(texts(book).at(-1)).toBe('999');
    expect(book.count).toBe(2_000);
    expect(book.dropped).toBe(2_000 - book.size);
    const large = new LogBook({ lines: 1_000, characters: 1_000 });
    for (let i = 0; i < 100; i++) large.take([lines('x'.repeat(100))]);
    expect(large.size).toBeLessThanOrEqual(11);
    expect(large.shown.length).toBe(large.size);
  });

  test('a filter holds for what is there and for what comes, and what it hides is there when it goes', () => {
    const book = new LogBook();
    book.take([lines('alpha', 'beta')]);
    const matches = matcherOf('ALPHA', false);
    if (typeof matches !== 'function') throw new Error('no filter');
    book.filter(matches);
    book.take([lines('gamma', 'alphabet')]);
    expect(texts(book)).toEqual(['alpha', 'alphabet']);
    book.filter(undefined);
    expect(texts(book)).toEqual(['alpha', 'beta', 'gamma', 'alphabet']);
  });

  test('a filtered line that is not kept any more is not shown any more', () => {
    const book = new LogBook({ lines: 10, characters: 1_000_000 });
    book.filter((l) => l.text.startsWith('keep'));
    book.take([lines('keep 1')]);
    for (let i = 0; i < 50; i++) book.take([lines('other')]);
    book.take([lines('keep 2')]);
    expect(texts(book)).toEqual(['keep 2']);
  });

  test('what was handed out does not change under a reader', () => {
    const book = new LogBook();
    book.take([lines('a')]);
    const before = book.shown;
    book.take([lines('b')]);
    expect(before.map((l) => l.text)).toEqual(['a']);
  });

  test('colours of terminals are left out, and notes are told apart', () => {
    const book = new LogBook();
    book.take([
      lines('\u001b[31mred\u001b[0m \u001b]0;title\u0007x'),
      { type: 'note', context: 'c', namespace: 'n', pod: 'p', container: 'app', text: 'has appeared' },
    ]);
    expect(book.shown.map((l) => [l.text, l.note])).toEqual([
      ['red x', false],
      ['has appeared', true],
    ]);
  });

  test('sources are told apart by pod and container, in the order they came', () => {
    const book = new LogBook();
    book.take([lines('a', 'b', 'c')]);
    expect(book.sources).toEqual([
      { pod: 'pod-0', container: 'app', order: 0 },
      { pod: 'pod-1', container: 'app', order: 1 },
    ]);
    expect(lineText(book.shown[1] as never, true)).toBe('2026-01-01T00:00:00Z pod-1 app b');
  });

  test('a regular expression that is none says why', () => {
    expect(matcherOf('a(', true)).toContain('Unterminated group');
    expect(matcherOf(' ', true)).toBeUndefined();
    const matches = matcherOf('^a.c$', true);
    expect(
      typeof matches === 'function' && matches({ text: 'abc', n: 0, source: { pod: '', container: '', order: 0 }, at: '', note: false }),
    ).toBe(true);
  });
});
