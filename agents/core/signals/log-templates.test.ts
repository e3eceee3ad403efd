import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedLine } from './log-mask.ts';
import { LogTemplates } from './log-templates.ts';
import { StackLines } from './stack-lines.ts';

function mine(lines: readonly string[]) {
  const miner = new LogTemplates();
  const forms = lines.map((line) => miner.add(line));
  const { templates, of } = miner.templates();
  return { templates, texts: forms.map((form) => templates[of[form]!]!.text) };
}

test.each([
  ['took 35ms at 10:20:30.5 from 10.0.0.1:80', 'took <*> at <*> from <*>'],
  ['wrote /var/log/app.log and C4FE12ab.', 'wrote <*> and <*>.'],
  ['user=root, tries=3', 'user=<*>, tries=<*>'],
  ['level=info msg="pool is full" size=9', 'level=info msg=pool is full size=<*>'],
  ['[Sun Dec 04 04:47:44 2005] free 2.5 KB of 1 GB', '<*> free <*> of <*>'],
  ['ids 1, 2, 3 are gone', 'ids <*> are gone'],
  ['open "a b" failed', 'open "<*>" failed'],
  ['{"level":"warn","msg":"disk 9 is full","n":1}', 'warn disk <*> is full'],
  ['May  4 06:25:01 barn sower[17]: row is done', '<*> sower[<*>]: row is done'],
  ['<30>May  4 06:25:01 barn sower: row is done', '<*> sower: row is done'],
  ['miller : ROOM=a b ; FLOUR=/usr/bin/grind fine --all', 'miller : ROOM=<*> ; FLOUR=<*>'],
  ['a=b; c is d', 'a=<*>; c is d'],
  ['{"a":1,"b":2}', '{a b}'],
  ['{broken', '{broken'],
  ['', ''],
])('%s', (line, masked) => {
  expect(maskedLine(line)).toBe(masked);
});

test('few words at one place are two statements; many, or a name, are a variable', () => {
  const users = ['alice', 'bob', 'carol', 'dave', 'erin'];
  const { texts } = mine(
    users.flatMap((u) => [`session opened by ${u} again today`, `session closed by ${u} again today`, `hello user ${u}`]),
  );
  expect([...new Set(texts)].sort()).toEqual(['hello user <*>', 'session closed by <*> again today', 'session opened by <*> again today']);
});

test('a template has the same id whatever else is in the file', () => {
  const id = (lines: readonly string[]) => mine(lines).templates.find((t) => t.text === 'disk <*> is full')?.id;
  expect(id(['disk 1 is full'])).toBe(id(['something else', 'disk 7 is full', 'disk 8 is full']));
});

test('lines of a stack trace belong to the line before them', () => {
  const stack = new StackLines();
  const lines = [
    '12:00 ERROR failed',
    'java.lang.IllegalStateException: no',
    '\tat a.B.c(B.java:1)',
    'Caused by: x',
    '\t... 3 more',
    '12:01 INFO fine',
    'Traceback (most recent call last):',
    '  File "a.py", line 3',
    '    raise ValueError',
    'ValueError: no',
    '12:02 INFO fine',
  ];
  expect(lines.map((line) => stack.continues(line))).toEqual([false, true, true, true, true, false, false, true, true, true, false]);
});

test('many forms are kept within bounds, and each line has a template', () => {
  const miner = new LogTemplates();
  const letters = (n: number) => [...String(n)].map((c) => 'abcdefghij'[Number(c)]).join('');
  const forms = Array.from({ length: 60_000 }, (_, i) => miner.add(`${letters(i)} said ${letters(i * 7)} to ${letters(i * 13)}`));
  const { templates, of } = miner.templates();
  expect(forms.every((form) => templates[of[form]!] !== undefined)).toBe(true);
  expect(templates.reduce((sum, t) => sum + t.count, 0)).toBe(60_000);
});

test('any text has a template, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { maxLength: 60 }), (lines) => {
      const { templates } = mine(lines);
      expect(templates.reduce((sum, t) => sum + t.count, 0)).toBe(lines.length);
    }),
    { numRuns: 200 },
  );
});
