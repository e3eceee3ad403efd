import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';

/** The API server refuses more. https://kubernetes.io/docs/concepts/configuration/configmap/#motivation */
const LIMIT = 1024 * 1024;
const NEARLY = 900 * 1024;
/** Base64 takes four letters for three bytes. */
const ENCODED = 3 / 4;

export const configMapNearlyFull = defineCheck({
  code: 'CFM-002',
  title: 'A ConfigMap is nearly as large as one may be',
  severity: 'low',
  role: 'cause',
  kinds: ['ConfigMap'],
  hypothesis: 'it is nearly as large as a ConfigMap may be',
  doc: `All values of a ConfigMap together may take 1 MiB. From 900 KiB on the next change may be refused; what grows by itself (reports,
collected settings, lists) belongs into a volume or several ConfigMaps.`,
  run: ({ view, passed }) =>
    view.list('ConfigMap').flatMap((map): FindingDraft[] => {
      const keys = [...map.data, ...map.binaryData.map((k) => ({ name: k.name, size: k.size * ENCODED }))];
      const size = keys.reduce((sum, k) => sum + k.size, 0);
      if (size < NEARLY) {
        if (size > NEARLY / 2) passed(refOf(map), `its values take ${kib(size)} KiB of 1024`);
        return [];
      }
      const [largest] = keys.sort((a, b) => b.size - a.size);
      return [
        {
          subject: refOf(map),
          ...(largest === undefined ? {} : { field: `data[${largest.name}]` }),
          affects: [],
          message: `its values take ${kib(size)} KiB, and a ConfigMap may take 1024: a change that adds ${kib(LIMIT - size)} KiB will be refused; the largest key is ${largest?.name ?? '(none)'} with ${kib(largest?.size ?? 0)} KiB`,
          evidence: keys
            .slice(0, 3)
            .map((k) => ({ kind: 'field', resource: refOf(map), source: `data[${k.name}]`, text: `${kib(k.size)} KiB` })),
        },
      ];
    }),
});

const kib = (bytes: number) => String(Math.max(0, Math.round(bytes / 1024)));
