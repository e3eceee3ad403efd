import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { WORKLOAD_KINDS, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice } from '../template-change.ts';

export const mountAFolder = defineRemedy({
  name: 'mount-a-folder',
  codes: ['RUN-002'],
  kinds: WORKLOAD_KINDS,
  doc: `Mounts an emptyDir at the one folder the program was refused: the root file system stays read-only. What is written there is gone with the pod.`,
  run: ({ finding, view }) => {
    const { folder, path, container, supply } = finding.params;
    const workload = workloadAt(view, finding.subject);
    if (typeof folder !== 'string' || typeof path !== 'string' || workload === undefined)
      return typeof supply === 'string' ? { advice: supply } : undefined;
    const { volumes, containers, initContainers } = workload.template.spec;
    const at = [...containers, ...initContainers].find((c) => c.name === container);
    const name = `${folder
      .split('/')
      .filter(Boolean)
      .join('-')
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-')
      .slice(0, 40)}-scratch`;
    const add = (list: string, isEmpty: boolean, value: { [key: string]: string | object }): JsonPatchOp => ({
      op: 'add',
      path: isEmpty ? pointer(list) : `${pointer(list)}/-`,
      value: (isEmpty ? [value] : value) as never,
    });
    return changeOrAdvice(
      workload,
      [
        add(`${workload.specPath}.volumes`, volumes.length === 0, { name, emptyDir: {} }),
        add(`${path}.volumeMounts`, (at?.volumeMounts.length ?? 0) === 0, { name, mountPath: folder }),
      ],
      {
        remedy: 'mount-a-folder',
        title: `Mount an emptyDir at ${folder} in container ${String(container)}`,
        because: finding.message,
        verify: ['RUN-002'],
      },
    );
  },
});
