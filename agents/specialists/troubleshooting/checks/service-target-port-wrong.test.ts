import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Fact, probeKey } from '../../../contract/index.ts';
import { diagnose } from '../../../core/diagnose.ts';
import { storeFromYaml } from '../../testing/load.ts';
import { advised, planned, told } from '../../testing/told.ts';
import { correctTargetPort } from '../remedies/correct-target-port.ts';
import { serviceTargetPortWrong } from './service-target-port-wrong.ts';

const log = (pod: string, lines: string[]): [string, Fact] => [
  probeKey({ type: 'podLogs', namespace: 'shop', pod, container: 'app', previous: false, tailLines: 200, restart: 0 }),
  { ok: true, value: { lines, truncated: false } },
];
const facts = new Map<string, Fact>([
  ...['by-number', 'undeclared', 'ambiguous'].map((name) => log(`${name}-0`, ['ready'])),
  log('says-so-0', ['Tomcat started on port(s): 9999 (http)']),
  log('says-otherwise-0', ['config loaded', 'Server listening on http://0.0.0.0:3000']),
]);

const agent = { id: 'test', title: '', description: '', icon: '', checks: [serviceTargetPortWrong], remedies: [correctTargetPort] };

function read(fixture: string) {
  const store = storeFromYaml(readFileSync(new URL(`../fixtures/${fixture}.yaml`, import.meta.url), 'utf8'));
  return diagnose({ agent, store, facts, now: Date.parse('2026-03-01T12:01:00Z'), version: 1 }).report;
}

test('believes names, readiness and the log; is silent where nothing proves a port wrong', () => {
  const report = read('service-ports');
  expect(told(report)).toEqual([
    'SVC-003 Service/shop/ambiguous spec.ports[0].targetPort: targetPort 7070 is a port that Deployment shop/ambiguous does not listen on, so connections to port 80 are refused; it declares 8080 and 9090',
    'SVC-003 Service/shop/by-name spec.ports[0].targetPort: targetPort htpp is no port name of Deployment shop/by-name, so port 80 has no endpoints; its ports are 8080 (http)',
    'SVC-003 Service/shop/by-number spec.ports[0].targetPort: targetPort 8008 is a port that Deployment shop/by-number does not listen on, so connections to port 80 are refused; it declares 8080 (http)',
    'SVC-003 Service/shop/says-otherwise spec.ports[0].targetPort: targetPort 5000 is a port that Deployment shop/says-otherwise does not listen on, so connections to port 80 are refused; it listens on 3000',
    'SVC-003 Service/shop/two-names spec.ports[0].targetPort: targetPort http is no port name of Deployment shop/two-names, so port 8080 has no endpoints; its ports are 8080 (web) and 9090 (metrics)',
    'SVC-003 Service/shop/udp spec.ports[0].targetPort: targetPort dns is no port name of Deployment shop/udp, so port 53 has no endpoints; the port of that name is UDP, not TCP',
    'SVC-003 Service/shop/undeclared spec.ports[0].targetPort: targetPort 9000 is a port that StatefulSet shop/undeclared does not listen on, so connections to port 9000 are refused; it listens on 8080',
  ]);
  expect(planned(report)).toEqual({
    'SVC-003 Service/shop/by-name': [
      'Send port 80 to http instead of htpp',
      'patch Service/shop/by-name test /spec/ports/0/targetPort "htpp"; replace /spec/ports/0/targetPort "http"',
    ],
    'SVC-003 Service/shop/by-number': [
      'Send port 80 to 8080 instead of 8008',
      'patch Service/shop/by-number test /spec/ports/0/targetPort 8008; replace /spec/ports/0/targetPort 8080',
    ],
    'SVC-003 Service/shop/says-otherwise': [
      'Send port 80 to 3000 instead of 5000',
      'patch Service/shop/says-otherwise test /spec/ports/0/targetPort 5000; replace /spec/ports/0/targetPort 3000',
    ],
    'SVC-003 Service/shop/two-names': [
      'Send port 8080 to web instead of http',
      'patch Service/shop/two-names test /spec/ports/0/targetPort "http"; replace /spec/ports/0/targetPort "web"',
    ],
    'SVC-003 Service/shop/undeclared': [
      'Send port 9000 to 8080 instead of 9000',
      'patch Service/shop/undeclared add /spec/ports/0/targetPort 8080',
    ],
  });
  expect(advised(report)).toEqual({
    'SVC-003 Service/shop/ambiguous':
      'Set spec.ports[0].targetPort to the port the program listens on; several come into question, or none is declared.',
    'SVC-003 Service/shop/udp':
      'Set spec.ports[0].targetPort to the port the program listens on; several come into question, or none is declared.',
  });
});
