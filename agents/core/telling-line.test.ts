import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tellingLine, tellingPassage } from './telling-line.ts';

const text = (s: string) => s.split('\n');

test('the telling line is the last serious one that is no part of a stack trace', () => {
  expect(tellingLine(['starting', 'Error: cannot open ledger', '    at open (/app/x.js:1:2)', ''])).toBe('Error: cannot open ledger');
  expect(tellingLine(['one', 'two'])).toBe('two');
  expect(tellingLine([])).toBeUndefined();
  expect(tellingLine(['', '  '])).toBeUndefined();
});

test('the particulars that a structured line keeps apart belong to its message', () => {
  const line = (s: string, msg: string, attr: unknown) => JSON.stringify({ s, c: 'STORAGE', msg, attr });
  const why = line('E', 'Storage error message', { error: 13, message: { msg: 'open: Operation not permitted' } });
  expect(tellingLine([line('I', 'starting', {}), why, line('F', 'Fatal assertion', { msgid: 1 })])).toBe(
    'Storage error message: open: Operation not permitted',
  );
});

test.each([
  ["ERROR: [pool www] cannot get uid for user 'web'", 'ERROR: FPM initialization failed'],
  [
    '[1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]',
    'ERROR: the search engine did not exit normally - check the logs at /var/log/x.log',
  ],
  ['ERROR: relation "orders" does not exist', 'ERROR:    Application startup failed. Exiting.'],
  ['error: no key in /etc/tls', 'FATAL: could not start the server.'],
])('that it gave up is said last, and why before that: %s', (why, last) => {
  expect(tellingLine(['starting', why, last])).toBe(why);
  expect(tellingLine(['starting', last])).toBe(last);
});

const PYTHON = `starting worker
Traceback (most recent call last):
  File "/app/main.py", line 7, in <module>
    run(total / count)
ZeroDivisionError: division by zero`;
const JAVA = `2026-03-01T12:00:00.000Z  INFO 1 --- [main] starting
Exception in thread "main" java.lang.RuntimeException: cannot start
	at com.acme.Main.main(Main.java:12)
Caused by: java.net.ConnectException: Connection refused
	at java.base/sun.nio.ch.Net.connect0(Native Method)
	... 12 more
bye`;
const NODE = `/app/server.js:12
    throw new TypeError('no address');
    ^

TypeError: no address
    at Object.<anonymous> (/app/server.js:12:9)
    at node:internal/main/run_main_module:28:49

Node.js v24.1.0`;
const GO = `ready to begin
panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.handle(0x1, {0xc0, 0x2})
	/src/main.go:40 +0x1d
exit status 2`;

test.each([
  ['Python', PYTHON, 'ZeroDivisionError: division by zero', text(PYTHON).slice(1)],
  ['Java', JAVA, 'Caused by: java.net.ConnectException: Connection refused', text(JAVA).slice(1, 6)],
  ['Node', NODE, 'TypeError: no address', text(NODE).slice(4, 7)],
  ['Go', GO, 'panic: runtime error: index out of range [3] with length 3', text(GO).slice(1, 6)],
])('a trace of %s is kept whole, and its exception chosen', (_, log, line, passage) => {
  expect(tellingLine(text(log))).toBe(line);
  expect(tellingPassage(text(log))).toBe(passage.join('\n'));
});

test.each([
  ['{"level":"error","msg":"cannot listen","err":"address in use"}', 'cannot listen: address in use'],
  ['{"level":60,"message":"no licence","err":{"message":"expired","stack":"…"}}', 'no licence: expired'],
  ['time=2026-03-01T12:00:00Z level=fatal msg="open store" err="no such file"', 'open store: no such file'],
  ['E0301 12:00:00.000000 1 main.go:7] leader election lost', 'E0301 12:00:00.000000 1 main.go:7] leader election lost'],
  ['2026/03/01 12:00:00 [emerg] 1#1: unknown directive "sever"', '2026/03/01 12:00:00 [emerg] 1#1: unknown directive "sever"'],
])('of a structured line its message: %s', (line, said) => {
  expect(tellingLine(['starting', line, 'INFO shutting down, 0 requests failed', 'bye'])).toBe(said);
});

test('what ran the program says that it failed, not why', () => {
  expect(tellingLine(['Error: no key', 'npm error code 1', 'npm error path /app'])).toBe('Error: no key');
  expect(tellingLine(['npm error code 1'])).toBe('npm error code 1');
});

test('a very long trace is cut around its line', () => {
  const lines = ['Error: deep', ...Array.from({ length: 200 }, (_, i) => `    at f${i} (/app/x.js:1:2)`)];
  expect(tellingPassage(lines)?.split('\n')).toHaveLength(20);
});

test('any log is survived', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 12 }), (lines) => {
      tellingLine(lines);
      tellingPassage(lines);
    }),
  );
});
