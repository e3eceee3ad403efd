import type { Kind } from '../../../contract/index.ts';
import { defineCheck } from '../../../core/agent.ts';
import {
  CONTAINER_KINDS,
  containerWords,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
} from '../containers.ts';

export const TOKEN_KINDS = [...CONTAINER_KINDS, 'ServiceAccount'] as const satisfies readonly Kind[];

/** Where the kubelet puts the token, its authority and the namespace; client libraries name the file they miss. */
const MISSES =
  /\/var\/run\/secrets\/kubernetes\.io\/serviceaccount(?:\/(?:token|ca\.crt|namespace))?\b.*(?:no such file|not found|does not exist|ENOENT)|(?:no such file|not found|does not exist|ENOENT|cannot (?:open|read)|unable to (?:open|read|load)).*\/var\/run\/secrets\/kubernetes\.io\/serviceaccount/i;

export const serviceAccountTokenNotMounted = defineCheck({
  code: 'RBC-002',
  title: 'A program misses the token of its account',
  severity: 'high',
  role: 'cause',
  kinds: TOKEN_KINDS,
  hypothesis: 'the token of its ServiceAccount is not mounted',
  doc: `A program that speaks to the API server reads its token from a file that is mounted unless automountServiceAccountToken is false, in
the pod or in its account. Both are needed: the field, and a program that ended and says that it misses the file.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed) => {
      const { workload } = placed;
      const { spec } = workload.template;
      const name = spec.serviceAccountName ?? 'default';
      const account = ctx.view.get('ServiceAccount', workload.namespace, name === '' ? 'default' : name);
      const inPod = spec.automountServiceAccountToken === false;
      if (!inPod && !(spec.automountServiceAccountToken === undefined && account?.automountServiceAccountToken === false)) return [];
      for (const run of placed.runs) {
        const ended = failedRun(run);
        if (ended === undefined) continue;
        const line = failureLog(ctx, run, ended)?.findLast((l) => MISSES.test(l));
        if (line === undefined) continue;
        const field = `${workload.specPath}.automountServiceAccountToken`;
        return [
          {
            subject: workload.ref,
            field,
            affects: podsOf(placed.runs.filter((r) => failedRun(r) !== undefined)),
            message: `${containerWords(placed)} ends because it finds no token of its ServiceAccount ${name}: automountServiceAccountToken is false in ${inPod ? 'the pod' : `ServiceAccount ${name}`}; a program that speaks to the API server needs it true`,
            evidence: [
              logEvidence(run, line.trim()),
              inPod || account === undefined
                ? fieldEvidence(workload.ref, field, 'false')
                : fieldEvidence(
                    { apiVersion: 'v1', kind: 'ServiceAccount', namespace: workload.namespace, name },
                    'automountServiceAccountToken',
                    'false',
                  ),
            ],
            confidence: 0.95,
            params: { inPod, container: placed.spec.name },
          },
        ];
      }
      return [];
    }),
});
