import { defineCheck } from '../../../core/agent.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { missingObjects } from '../missing-config.ts';
import { toldByKubelet } from '../told-by-kubelet.ts';

export const configMapDoesNotExist = defineCheck({
  code: 'CFG-001',
  title: 'A ConfigMap it needs does not exist',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a ConfigMap it names does not exist',
  doc: `A container whose variable or volume names an absent ConfigMap is not started, unless the reference is optional. Names are looked up in
the namespace of the pod. Only workloads with a pod that waits are reported: a reference nobody waits for is no fault yet.`,
  run: (ctx) => [...missingObjects(ctx, 'ConfigMap'), ...toldByKubelet(ctx, 'ConfigMap', 'object')],
});
