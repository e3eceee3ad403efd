import { refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { unwellRuns } from '../failing-runs.ts';
import { asWord, written } from '../host-in-manifest.ts';
import { unreachable } from '../log-causes.ts';
import { saying } from '../saying.ts';
import { CALLING_KINDS } from './called-service-missing.ts';

/** `name.namespace.svc.DOMAIN`: a Service by its full name. */
const FULL = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.([a-z0-9.-]+?)\.?$/;
/** The domain of nearly every cluster; one that is named otherwise knows no other name of its Services either. */
const USUAL = 'cluster.local';

export const nameInAnotherDomain = defineCheck({
  code: 'DNS-004',
  title: 'A Service is looked for in the domain of another cluster',
  severity: 'high',
  role: 'cause',
  kinds: CALLING_KINDS,
  hypothesis: 'it looks for a Service under another cluster domain',
  doc: `The log says that a full name of a Service, with the cluster's domain at its end, does not resolve. The Service is there, in that namespace, and the domain is not cluster.local:
it is misspelt, or that of another cluster. Without the domain (NAME.NAMESPACE.svc) the name is completed by the pod's own search list, in every cluster.`,
  run: (ctx) => {
    const seen = new Set<object>();
    return unwellRuns(ctx).flatMap(({ placed, run, lines }): FindingDraft[] => {
      const told = saying(lines, unreachable).at(-1);
      const [, name, namespace, domain] = told?.says.how === 'not-found' ? (FULL.exec(told.says.host) ?? []) : [];
      if (told === undefined || name === undefined || domain === undefined || domain === USUAL || seen.has(placed)) return [];
      const service = ctx.view.get('Service', namespace, name);
      if (service === undefined) return [];
      seen.add(placed);
      const { workload, spec, path } = placed;
      const { host } = told.says;
      const at = written(placed, host);
      const right = `${name}.${namespace ?? ''}.svc`;
      return [
        {
          subject: workload.ref,
          field: at?.field ?? path,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
          message: `${containerWords(placed)} looks for Service ${name} of ${namespace ?? ''} under the domain ${domain}, where this cluster has no names; ask for ${right}`,
          evidence: [
            logEvidence(run, told.line),
            fieldEvidence(refOf(service), 'metadata.name', `Service ${name} is in namespace ${namespace ?? ''}`),
            ...(at === undefined ? [] : [fieldEvidence(workload.ref, at.field, at.value)]),
          ],
          confidence: 0.88,
          params: {
            container: spec.name,
            path,
            ...(at === undefined
              ? {
                  supply: `let ${containerWords(placed)} of ${workload.object.kind} ${workload.name} call ${right} instead of ${host}, where its settings name it`,
                }
              : { wrong: at.value, right: at.value.replace(asWord(host), right) }),
          },
        },
      ];
    });
  },
});
