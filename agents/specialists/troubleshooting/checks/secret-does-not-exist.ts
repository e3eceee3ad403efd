import { defineCheck } from '../../../core/agent.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { missingObjects } from '../missing-config.ts';
import { toldByKubelet } from '../told-by-kubelet.ts';

export const secretDoesNotExist = defineCheck({
  code: 'CFG-002',
  title: 'A Secret it needs does not exist',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a Secret it names does not exist',
  doc: `As for a ConfigMap: a container whose variable or volume names an absent Secret is not started, unless the reference is optional.`,
  run: (ctx) => [...missingObjects(ctx, 'Secret'), ...toldByKubelet(ctx, 'Secret', 'object')],
});
