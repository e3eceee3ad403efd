import { expect, test } from 'vitest';
import { refusedBy } from './refusal-words.ts';

test.each([
  [
    'pods "api-0" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)',
    {
      by: 'podSecurity',
      level: 'restricted',
      violations: [
        'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"])',
        'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)',
      ],
    },
  ],
  [
    'Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://hook.tools.svc:443/check?timeout=5s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    {
      by: 'webhookFailed',
      webhook: 'check.example.com',
      host: 'hook.tools.svc:443',
      reason: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    },
  ],
  [
    'Error creating: pods "x" is forbidden: error looking up service account shop/runner: serviceaccount "runner" not found',
    { by: 'serviceAccount', namespace: 'shop', name: 'runner' },
  ],
  [
    'pods "x" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, minimum memory usage per Container is 64Mi, but request is 8Mi]',
    { by: 'limits' },
  ],
  ['admission webhook "a.b.c" denied the request: no tag latest', { by: 'webhookDenied', webhook: 'a.b.c', reason: 'no tag latest' }],
  [
    `pods "x" is forbidden: ValidatingAdmissionPolicy 'no-host' with binding 'all' denied request: host network is off limits`,
    { by: 'policy', policy: 'no-host', reason: 'host network is off limits' },
  ],
  ['pods "x" is forbidden: no PriorityClass with name urgent was found', { by: 'class', kind: 'PriorityClass', name: 'urgent' }],
  ['pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1', { by: 'quota' }],
  ['Pod "x" is invalid: spec.containers[0].image: Required value', { by: 'other', reason: 'spec.containers[0].image: Required value' }],
] as const)('%s', (text, expected) => {
  expect(refusedBy(text)).toEqual(expected);
});
