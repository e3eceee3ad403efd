import { type Container, type Kind, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { nearest } from '../../../core/nearest.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { matchesSelector } from '../../../core/selectors.ts';
import { WORKLOAD_KINDS, type Workload, workloads } from '../../../core/workloads.ts';
import { names } from '../scheduling-evidence.ts';

/** A thing the API server would say no to. */
interface Wrong {
  readonly field: string;
  readonly message: string;
  readonly text: string;
}

const KINDS = [...WORKLOAD_KINDS, 'HorizontalPodAutoscaler', 'PodDisruptionBudget'] as const satisfies readonly Kind[];

export const wouldBeRefused = defineCheck({
  code: 'FIL-004',
  title: 'The API server would refuse this',
  severity: 'high',
  role: 'cause',
  kinds: KINDS,
  hypothesis: 'the API server would refuse it',
  doc: `Of files that people write: what validation refuses and a schema cannot see. A selector that does not match the labels of its own pods, a
mount of a volume that is not there, two containers, volumes, port names or mounted paths that are the same, a request above its limit, a restart
policy that the kind does not have, an autoscaler whose least is more than its most.`,
  run: ({ view }) => [
    ...workloads(view).flatMap((w) =>
      told(w.ref, [
        ...selectorOf(w),
        ...restartPolicyOf(w),
        ...containersOf(w).flatMap(([c, path]) => [...mountsOf(w, c, path), ...requestsOf(c, path), ...variablesOf(c, path)]),
        ...sameNames(w),
      ]),
    ),
    ...view.list('HorizontalPodAutoscaler').flatMap((hpa) => {
      const { minReplicas: least = 1, maxReplicas: most } = hpa.spec;
      if (least <= most) return [];
      const message = `it is never to have fewer than ${least} pods and never more than ${most}: make minReplicas at most maxReplicas`;
      return told(refOf(hpa), [{ field: 'spec.minReplicas', message, text: String(least) }]);
    }),
    ...view.list('PodDisruptionBudget').flatMap((budget) => {
      const { minAvailable, maxUnavailable } = budget.spec;
      if (minAvailable == null || maxUnavailable == null) return [];
      const message = 'it has both minAvailable and maxUnavailable: keep one of them';
      return told(refOf(budget), [{ field: 'spec.maxUnavailable', message, text: String(maxUnavailable) }]);
    }),
  ],
});

const told = (subject: ResourceRef, wrong: readonly Wrong[]): FindingDraft[] =>
  wrong.map(({ field, message, text }) => ({
    subject,
    field,
    affects: [],
    message,
    evidence: [{ kind: 'field', resource: subject, source: field, text }],
    confidence: 0.95,
  }));

const containersOf = ({ template: { spec }, specPath }: Workload): (readonly [Container, string])[] => [
  ...spec.containers.map((c, i) => [c, `${specPath}.containers[${i}]`] as const),
  ...spec.initContainers.map((c, i) => [c, `${specPath}.initContainers[${i}]`] as const),
];

function selectorOf({ object, template }: Workload): Wrong[] {
  if (object.kind === 'Pod' || object.kind === 'Job' || object.kind === 'CronJob') return [];
  const { selector } = object.spec;
  if (selector == null || matchesSelector(selector, template.metadata.labels)) return [];
  const want = names(Object.entries(selector.matchLabels).map(([k, v]) => `${k}=${v}`)) || 'its expressions';
  const have = names(Object.entries(template.metadata.labels).map(([k, v]) => `${k}=${v}`)) || 'no labels';
  return [
    { field: 'spec.selector', message: `its selector wants ${want}, and its own pods would carry ${have}: the two must fit`, text: want },
  ];
}

function mountsOf({ object, template }: Workload, container: Container, path: string): Wrong[] {
  const claims = object.kind === 'StatefulSet' ? object.spec.volumeClaimTemplates.map((t) => t.metadata.name) : [];
  const there = [...template.spec.volumes.map((v) => v.name), ...claims];
  return container.volumeMounts.flatMap((mount, i) => {
    if (there.includes(mount.name)) return [];
    const meant = nearest(mount.name, there);
    const instead = meant === undefined ? (there.length === 0 ? 'it has none' : `it has ${names(there)}`) : `did you mean ${meant}?`;
    return [
      {
        field: `${path}.volumeMounts[${i}].name`,
        message: `container ${container.name} mounts the volume ${mount.name}, which the pod does not have; ${instead}`,
        text: mount.name,
      },
    ];
  });
}

function requestsOf({ name, resources: { requests, limits } }: Container, path: string): Wrong[] {
  return Object.entries(requests).flatMap(([resource, request]) => {
    const limit = limits[resource];
    const [wanted, most] = [parseQuantity(request), limit === undefined ? undefined : parseQuantity(limit)];
    if (wanted === undefined || most === undefined || wanted <= most) return [];
    return [
      {
        field: `${path}.resources.requests.${resource}`,
        message: `container ${name} requests ${request} of ${resource}, more than its limit of ${limit ?? ''}`,
        text: request,
      },
    ];
  });
}

/** What keeps running is always restarted; what is to end is not. */
function restartPolicyOf({ object: { kind }, template: { spec }, specPath }: Workload): Wrong[] {
  const policy = spec.restartPolicy ?? 'Always';
  const ends = kind === 'Job' || kind === 'CronJob';
  if (kind === 'Pod' || (ends ? policy !== 'Always' : policy === 'Always')) return [];
  const instead = ends ? 'say OnFailure or Never' : 'only Always will do';
  const has = spec.restartPolicy == null ? 'says no restart policy, which means Always' : `says restart policy ${policy}`;
  return [{ field: `${specPath}.restartPolicy`, message: `it ${has}; of the pods of a ${kind} ${instead}`, text: policy }];
}

function variablesOf({ name, env }: Container, path: string): Wrong[] {
  return env.flatMap((variable, i) =>
    variable.valueFrom === undefined || variable.value == null || variable.value === ''
      ? []
      : [
          {
            field: `${path}.env[${i}]`,
            message: `variable ${variable.name} of container ${name} has a value and says where another comes from: keep one of them`,
            text: variable.name,
          },
        ],
  );
}

/** Names that must be of one thing only. */
function sameNames(w: Workload): Wrong[] {
  const all = containersOf(w);
  const again = <T>(things: readonly T[], name: (thing: T) => string) =>
    things
      .map((thing, i) => [thing, i] as const)
      .filter(([thing, i]) => name(thing) !== '' && things.findIndex((o) => name(o) === name(thing)) < i);
  return [
    ...again(all, ([c]) => c.name).map(([[c, path]]) => ({
      field: `${path}.name`,
      message: `two containers are called ${c.name}: give one another name`,
      text: c.name,
    })),
    ...again(w.template.spec.volumes, (v) => v.name).map(([v, i]) => ({
      field: `${w.specPath}.volumes[${i}].name`,
      message: `two volumes are called ${v.name}: give one another name`,
      text: v.name,
    })),
    ...all.flatMap(([c, path]) => [
      ...again(c.volumeMounts, (m) => m.mountPath).map(([m, i]) => ({
        field: `${path}.volumeMounts[${i}].mountPath`,
        message: `container ${c.name} mounts two volumes at ${m.mountPath}: give one another path`,
        text: m.mountPath,
      })),
      ...again(c.ports, (p) => p.name ?? '').map(([p, i]) => ({
        field: `${path}.ports[${i}].name`,
        message: `two ports of container ${c.name} are called ${p.name ?? ''}: give one another name`,
        text: p.name ?? '',
      })),
    ]),
  ];
}
