import { expect, test } from 'vitest';
import { LogEvents } from './log-events.ts';

/** Files as they come: which lines are one event, and what it is called. */

function read(text: string) {
  const forms: number[] = [];
  const events = new LogEvents((form) => void forms.push(form));
  const lines = text.split('\n');
  for (const line of lines) events.take(line);
  events.end();
  const { templates, of } = events.templates.templates();
  expect(forms).toHaveLength(lines.length);
  return forms.map((form) => templates[of[form]!]!.text);
}
const whole = (text: string) => [...new Set(read(text))];

test.each([
  [
    'Java, with an empty line between',
    'ERROR Servlet.service() threw exception\n\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: java.net.ConnectException: no\n\t... 3 common frames omitted\nINFO fine',
    ['ERROR Servlet.service() threw exception', 'INFO fine'],
  ],
  [
    'Java, of a class whose name does not say what it is',
    'ERROR no such invoice\ncom.shop.invoice.NotFound: 7\n\tat com.shop.Repository.find(Repository.java:41)\nINFO fine\norg.shop.Books: fine',
    ['ERROR no such invoice', 'INFO fine', 'org.shop.Books: fine'],
  ],
  [
    'Python, two tracebacks under an error',
    'ERROR app: Internal Server Error\nTraceback (most recent call last):\n  File "a.py", line 3, in pay\n    charge()\nCardError: declined\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py", line 3, in x\nKeyError: no\nINFO fine',
    ['ERROR app: Internal Server Error', 'INFO fine'],
  ],
  [
    'Go',
    'panic: runtime error: index out of range\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 7 [running]:\nmain.(*Server).handle(0xc000a)\n\t/app/main.go:4 +0x1d\n\ngoroutine 8 [select]:\nmain.main()\n\t/app/main.go:4 +0x1d\nexit status 2\nserver started',
    ['panic: runtime error: index out of range', 'server started'],
  ],
  [
    'Node, with the fields of the error',
    "Error: connect ECONNREFUSED\n    at Socket.connect (node:net:1) {\n  errno: -111,\n  syscall: 'connect'\n}\nserver started",
    ['Error: connect ECONNREFUSED', 'server started'],
  ],
  ['PHP', 'PHP Fatal error: Uncaught Oops\nStack trace:\n#0 /a/b.php(3): x()\n#1 {main}\nfine', ['PHP Fatal error: Uncaught Oops', 'fine']],
  [
    'JSON over many lines',
    '{\n  "level": "error",\n  "message": "upstream failed",\n  "n": { "a": 1 }\n}\nfine',
    ['error upstream failed', 'fine'],
  ],
  [
    'a head that says nothing, and what it says under it, as .NET writes it',
    'warn: Farm.Fields.Pump[7]\n      Pump 3 ran dry\n      after 9 hours\ninfo: Farm.Fields.Pump[8]\n      Pump 4 runs\nfail: Farm.Fields.Gate[1]\nfine',
    ['warn: Farm.Fields.Pump[<*>] Pump <*> ran dry', 'info: Farm.Fields.Pump[<*>] Pump <*> runs', 'fail: Farm.Fields.Gate[<*>]', 'fine'],
  ],
  ['a head, and JSON under it', 'info: Farm.Gate[1]\n{\n  "level": "info",\n  "msg": "open"\n}', ['info: Farm.Gate[<*>]', 'info open']],
  ['JSON that never ends', '{\nfine\nfine', ['{', 'fine']],
  ['colours', '\u001b[31mERROR\u001b[0m db \u001b[1mfailed\u001b[22m', ['ERROR db failed']],
  [
    'a container runtime, a trace in it, and a line in parts',
    '2026-01-05T09:00:00.123456789Z stderr F ERROR failed\n2026-01-05T09:00:00.123456790Z stderr F \tat a.B.c(B.java:1)\n2026-01-05T09:00:00.2Z stdout P the first half \n2026-01-05T09:00:00.3Z stdout F and the second',
    ['ERROR failed', 'the first half'],
  ],
  [
    'Docker',
    '{"log":"ERROR failed\\n","stream":"stderr","time":"2026-01-05T09:00:00Z"}\n{"log":"\\tat a.B.c(B.java:1)\\n","stream":"stderr","time":"2026-01-05T09:00:00Z"}',
    ['ERROR failed'],
  ],
  [
    'klog with pairs',
    'I0105 09:00:00.123456       1 c.go:7] "Reconciling object" object="shop/web"',
    ['<*> Reconciling object object="<*>"'],
  ],
  [
    'quotes in what is said',
    'level=error msg="cannot open \\"a b\\"" err="no such file" path="x y"',
    [String.raw`level=error msg=cannot open \"<*>" err=no such file path="<*>"`],
  ],
  ['a byte order mark', '\ufeffworker 1 started\nworker 2 started', ['worker <*> started']],
  ['no text', `${'\u0001\u0002ab\ufffd\ufffd'.repeat(9)}\n${'\u0003\ufffd\u0004'.repeat(40)}`, ['<binary>']],
] as const)('%s', (_, text, templates) => {
  expect(whole(text)).toEqual(templates);
});
