import { refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type ContainerRun, fieldEvidence, logEvidence } from '../containers.ts';
import { failingRuns } from '../failing-runs.ts';
import { unreachable } from '../log-causes.ts';
import { isNew } from '../new-objects.ts';

export const headlessServiceMissing = defineCheck({
  code: 'STS-001',
  title: 'The Service that names the pods of a StatefulSet does not exist, or gives no names',
  severity: 'medium',
  role: 'cause',
  kinds: [...WORKLOAD_KINDS, 'Service'],
  hypothesis: 'the Service that gives its pods their names is missing',
  doc: `A StatefulSet's pods are known by names like db-0.db, which come from the headless Service in spec.serviceName. Without it the pods start and
their names do not resolve, so that peers do not find each other. The field cannot be changed; the Service can be made. A Service that is there but has an address of its own (no clusterIP None) gives no names to pods: many never miss
them, so it is only said where a log complains of such a name. clusterIP cannot be changed either: the Service is to be made anew.`,
  run: (ctx) => {
    const { view, now, passed } = ctx;
    return view.list('StatefulSet').flatMap((set): FindingDraft[] => {
      const { serviceName } = set.spec;
      const { namespace } = set.metadata;
      const ref = refOf(set);
      if (serviceName === undefined || serviceName === '' || isNew(set, now) || !view.complete('Service', namespace)) return [];
      const service = view.get('Service', namespace, serviceName);
      if (service !== undefined) {
        const clusterIP = service.spec.clusterIP ?? '';
        const missed = clusterIP === '' || clusterIP === 'None' ? undefined : missedName(ctx, set.metadata.name, serviceName, namespace);
        if (missed !== undefined)
          return [
            {
              subject: refOf(service),
              field: 'spec.clusterIP',
              affects: [ref, refOf(missed.run.pod)],
              message: `Service ${serviceName}, which is to give the pods of StatefulSet ${set.metadata.name} their names, is not headless (clusterIP ${clusterIP}), so ${missed.host} does not resolve; make it anew with clusterIP None`,
              evidence: [fieldEvidence(refOf(service), 'spec.clusterIP', clusterIP), logEvidence(missed.run, missed.line)],
              confidence: 0.93,
              params: {
                supply: `delete Service ${serviceName} and make it again with clusterIP: None; for what calls it by its address, make a second Service of another name`,
              },
            },
          ];
        passed(ref, `Service ${serviceName} is there`);
        return [];
      }
      const near = nearest(
        serviceName,
        view.list('Service', namespace).map((s) => s.metadata.name),
      );
      return [
        {
          subject: ref,
          field: 'spec.serviceName',
          affects: [],
          message: `Service ${serviceName}, which gives the pods of the StatefulSet their names, does not exist, so ${set.metadata.name}-0.${serviceName} does not resolve${near === undefined ? '' : `; there is ${near}`}`,
          evidence: [fieldEvidence(ref, 'spec.serviceName', serviceName)],
          confidence: 0.93,
          params: { wanted: serviceName, kind: 'Service' },
        },
      ];
    });
  },
});

/** The name of one of its pods that a failing program could not resolve. */
function missedName(
  ctx: CheckContext<(typeof WORKLOAD_KINDS)[number]>,
  set: string,
  service: string,
  namespace: string | undefined,
): { readonly run: ContainerRun; readonly line: string; readonly host: string } | undefined {
  for (const { run, lines } of failingRuns(ctx))
    for (const line of lines) {
      const says = unreachable(line);
      if (says?.how !== 'not-found') continue;
      const [pod = '', of, where] = says.host.split('.');
      const isPod = pod.startsWith(`${set.toLowerCase()}-`) && /^\d+$/.test(pod.slice(set.length + 1));
      if (isPod && of === service && (where ?? run.pod.metadata.namespace) === namespace)
        return { run, line: line.trim(), host: says.host };
    }
  return undefined;
}
