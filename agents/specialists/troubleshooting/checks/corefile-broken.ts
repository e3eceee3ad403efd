import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { CONFIG_KINDS, configReferences } from '../config-references.ts';
import { logEvidence, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';

/** CoreDNS (caddyfile): which file, which line, what is wrong there. */
const SAYS = /\b(\w*Corefile)(?::(\d+))?\s*-\s*Error during parsing:\s*(.+)$/;

function parsingError(line: string): { readonly file: string; readonly at: string | undefined; readonly what: string } | undefined {
  const [, file, at, what] = SAYS.exec(line) ?? [];
  return file === undefined || what === undefined ? undefined : { file: 'Corefile', at, what: what.trim() };
}

export const corefileBroken = defineCheck({
  code: 'DNS-003',
  title: "The configuration of the cluster's DNS cannot be read",
  severity: 'critical',
  role: 'cause',
  kinds: CONFIG_KINDS,
  hypothesis: 'its Corefile cannot be read',
  doc: `CoreDNS ends because its Corefile has an error, and says in which line. The Corefile is a key of the ConfigMap that its pods mount. Pods that run go on with
what they have read; every new one fails.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), parsingError).flatMap(({ placed, run, line, says }): FindingDraft[] => {
      const { workload } = placed;
      const config = configReferences(workload)
        .flatMap((r) => (r.kind === 'ConfigMap' ? (ctx.view.get('ConfigMap', workload.namespace, r.name) ?? []) : []))
        .find((c) => c.data.some((d) => d.name === says.file));
      if (config === undefined) return [];
      const ref = refOf(config);
      return [
        {
          subject: ref,
          field: `data[${says.file}]`,
          affects: [workload.ref, ...podsOf(placed.runs)],
          message: `${says.file} in ConfigMap ${config.metadata.name} cannot be read${says.at === undefined ? '' : `, line ${says.at}`}: ${says.what}; ${workload.object.kind} ${workload.name} does not start with it`,
          evidence: [logEvidence(run, line)],
          confidence: 0.96,
          params: { changed: true, keys: says.file },
        },
      ];
    }),
});
