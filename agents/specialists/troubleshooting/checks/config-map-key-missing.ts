import { defineCheck } from '../../../core/agent.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { missingKeys } from '../missing-config.ts';
import { toldByKubelet } from '../told-by-kubelet.ts';

export const configMapKeyMissing = defineCheck({
  code: 'CFG-003',
  title: 'A ConfigMap lacks a key it needs',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a key it names is missing in a ConfigMap',
  doc: `A variable from a key, or a volume item, whose key the ConfigMap does not have: the kubelet does not start the container, or cannot
fill the volume.`,
  run: (ctx) => [...missingKeys(ctx, 'ConfigMap'), ...toldByKubelet(ctx, 'ConfigMap', 'key')],
});
