import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import {
  containerWords,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
  podsOf,
  statusEvidence,
  waitingMessage,
} from '../containers.ts';
import { wrongFormat } from '../log-causes.ts';

export const programForAnotherMachine = defineCheck({
  code: 'POD-012',
  title: 'An image holds a program for another kind of machine',
  severity: 'high',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'Node'],
  hypothesis: 'the program is made for another kind of machine',
  doc: `The kernel refuses to execute the program ("exec format error"): the image was built for another architecture than the node has, or the file is a script
without its first line (#!). The image has to be built for the node, or the pod placed on a node of the image's kind.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      for (const run of placed.runs) {
        const ended = failedRun(run);
        const status = [ended?.message ?? '', waitingMessage(run)].find(wrongFormat);
        const line = status ?? (ended === undefined ? undefined : failureLog(ctx, run, ended)?.findLast(wrongFormat));
        if (line === undefined) continue;
        const node = ctx.view.get('Node', undefined, run.pod.spec.nodeName ?? '');
        const machine = node?.status.nodeInfo?.architecture;
        return [
          {
            subject: placed.workload.ref,
            field: `${placed.path}.image`,
            affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
            message: `${containerWords(placed)} cannot be executed: the program in image ${placed.spec.image} is not for ${machine === undefined ? 'the machine of its node' : `${machine}, which node ${node?.metadata.name ?? ''} is`}, or is a script without its first line (#!)`,
            evidence: [
              status === undefined ? logEvidence(run, line.trim()) : statusEvidence(run, line.trim()),
              ...(node === undefined || machine === undefined ? [] : [fieldEvidence(refOf(node), 'status.nodeInfo.architecture', machine)]),
            ],
            confidence: 0.93,
            params: {
              container: placed.spec.name,
              path: placed.path,
              supply: `build the image ${placed.spec.image} for ${machine ?? "the node's architecture"}, or select nodes of the image's kind with kubernetes.io/arch`,
            },
          },
        ];
      }
      return [];
    }),
});
