import { expect, test } from 'vitest';
import { portIn } from './listening.ts';

test.each([
  ['listening on :8080', 8080],
  ['{"level":"info","msg":"Server listening","addr":"0.0.0.0:9000"}', 9000],
  ['Tomcat started on port(s): 8443 (https) with context path', 8443],
  [' * Running on http://127.0.0.1:5000', 5000],
  ['Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...', 8000],
  ['Now listening on: http://[::]:80', 80],
  ['ready - started server on 0.0.0.0:3000, url: http://localhost:3000', 3000],
  ['dial tcp 10.0.0.7:5432: connect: connection refused', undefined],
  ['GET /orders 200 in 8080 ms', undefined],
  ['linked: connected to upstream feed server: depot.relay.svc:9443', undefined],
  ['running; forwarding to collector:4317', undefined],
  ['connected to database at db:5432', undefined],
])('%s', (line, port) => {
  expect(portIn(line)).toBe(port);
});
