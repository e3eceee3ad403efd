import { refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type ContainerRun, fieldEvidence, logEvidence } from '../containers.ts';
import { failingRuns } from '../failing-runs.ts';
import { unreachable } from '../log-causes.ts';
import { isNew } from '../new-objects.ts';
import { saying } from '../saying.ts';

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
    let missed: readonly Missed[] | undefined;
    return view.list('StatefulSet').flatMap((set): FindingDraft[] => {
      const { serviceName } = set.spec;
      const { namespace } = set.metadata;
      const ref = refOf(set);
      if (serviceName === undefined || serviceName === '' || isNew(set, now) || !view.complete('Service', namespace)) return [];
      const service = view.get('Service', namespace, serviceName);
      if (service !== undefined) {
        const clusterIP = service.spec.clusterIP ?? '';
        const isHeadless = clusterIP === '' || clusterIP === 'None';
        const missing = isHeadless
          ? undefined
          : (missed ??= missedNames(ctx)).find((m) => isOfPod(m, set.metadata.name, serviceName, namespace));
        if (missing !== undefined)
          return [
            {
              subject: refOf(service),
              field: 'spec.clusterIP',
              affects: [ref, refOf(missing.run.pod)],
              message: `Service ${serviceName}, which is to give the pods of StatefulSet ${set.metadata.name} their names, is not headless (clusterIP ${clusterIP}), so ${missing.host} does not resolve; make it anew with clusterIP None`,
              evidence: [fieldEvidence(refOf(service), 'spec.clusterIP', clusterIP), logEvidence(missing.run, missing.line)],
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

interface Missed {
  readonly run: ContainerRun;
  readonly line: string;
  readonly host: string;
}

/** The names that failing programs could not resolve. */
const missedNames = (ctx: CheckContext<(typeof WORKLOAD_KINDS)[number]>): readonly Missed[] =>
  failingRuns(ctx).flatMap(({ run, lines }) =>
    saying(lines, unreachable).flatMap(({ line, says }) => (says.how === 'not-found' ? [{ run, line, host: says.host }] : [])),
  );

/** Whether it is the name that a Service would give to a pod of a StatefulSet. */
function isOfPod({ run, host }: Missed, set: string, service: string, namespace: string | undefined): boolean {
  const [pod = '', of, where] = host.split('.');
  const isPod = pod.startsWith(`${set.toLowerCase()}-`) && /^\d+$/.test(pod.slice(set.length + 1));
  return isPod && of === service && (where ?? run.pod.metadata.namespace) === namespace;
}
