import { defineCheck } from '../../../core/agent.ts';
import { CONFIG_KINDS } from '../config-references.ts';
import { missingKeys } from '../missing-config.ts';
import { toldByKubelet } from '../told-by-kubelet.ts';

export const secretKeyMissing = defineCheck({
  code: 'CFG-004',
  title: 'A Secret lacks a key it needs',
  severity: 'high',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'a key it names is missing in a Secret',
  doc: `A variable from a key, or a volume item, whose key the Secret does not have. Only key names are read, never values.`,
  run: (ctx) => [...missingKeys(ctx, 'Secret'), ...toldByKubelet(ctx, 'Secret', 'key')],
});
