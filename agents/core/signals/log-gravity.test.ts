import { expect, test } from 'vitest';
import { levelOf } from './log-gravity.ts';

test.each([
  ['error', 'level=error msg="pool exhausted"'],
  ['error', '2026-01-05 09:00:00,123 ERROR [main] c.e.Cart - no'],
  ['error', 'E0105 09:00:00.123456    1 server.go:12] cannot listen'],
  ['error', '{"level":50,"msg":"no"}'],
  ['error', 'panic: runtime error: index out of range'],
  ['error', '10.0.0.1 - - [05/Jan/2026:09:00:00 +0000] "GET / HTTP/1.1" 502 12'],
  ['warning', 'level=warn msg="retrying"'],
  ['other', '10.0.0.1 - - [05/Jan/2026:09:00:00 +0000] "GET /error/failed HTTP/1.1" 200 12'],
  ['other', 'INFO compacted 4 blocks, no failures'],
  ['other', 'scan finished: 0 errors, 12 files'],
  ['other', 'done error=null failed=0'],
  ['other', 'flushed, err=<nil>'],
  ['other', 'error rate is 0.1 %'],
  ['other', 'INFO page /v1/error-reports/4 rendered'],
  ['error', 'scan finished: 2 errors: disk failed'],
] as const)('%s: %s', (level, line) => {
  expect(levelOf(line, false)).toBe(level);
});
