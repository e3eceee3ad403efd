import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { failedRun, failureLog, fieldEvidence, logEvidence, placedContainers } from '../containers.ts';
import { unreachable } from '../log-causes.ts';
import { saying } from '../saying.ts';
import { waitingLog } from '../waiting-init.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

export const peersNotNamedBeforeReady = defineCheck({
  code: 'SVC-014',
  title: 'Pods wait for peers whose names exist only once they are ready',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'its peers have no names before they are ready',
  doc: `The pods of a StatefulSet look for each other by name before they are ready, and the headless Service gives names to ready pods only: each waits for the others. With
publishNotReadyAddresses the names are there from the start.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const { object, namespace, name, ref } = placed.workload;
      if (object.kind !== 'StatefulSet') return [];
      const service = ctx.view.get('Service', namespace, object.spec.serviceName ?? '');
      if (service === undefined || service.spec.clusterIP !== 'None' || service.spec.publishNotReadyAddresses === true) return [];
      const own = new RegExp(`^${name}-\\d+\\.${service.metadata.name}(?:\\.|$)`);
      for (const run of placed.runs) {
        if (run.status.ready && !run.unproven) continue;
        const ended = failedRun(run);
        const lines = ended === undefined ? waitingLog(ctx, placed, run) : failureLog(ctx, run, ended);
        const line = saying(lines ?? [], unreachable).findLast(({ says }) => says.how === 'not-found' && own.test(says.host))?.line;
        if (line === undefined) continue;
        const at = refOf(service);
        return [
          {
            subject: at,
            field: 'spec.publishNotReadyAddresses',
            affects: [ref, ...placed.workload.currentPods.map(refOf)],
            message: `the pods of StatefulSet ${name} look for each other before they are ready, and the Service names only ready ones; set publishNotReadyAddresses`,
            evidence: [logEvidence(run, line), fieldEvidence(at, 'spec.publishNotReadyAddresses', 'false')],
            confidence: 0.88,
            params: { right: true },
          },
        ];
      }
      return [];
    }),
});
