import type { Container } from '../../../contract/index.ts';
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

export const wouldBeRefused = defineCheck({
  code: 'FIL-004',
  title: 'The API server would refuse this',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'the API server would refuse it',
  doc: `Of files that people write: what validation refuses and a schema cannot see. A selector that does not match the labels of its own pods, a
mount of a volume that is not there, two containers of one name, a request above its limit.`,
  run: ({ view }) =>
    workloads(view).flatMap((w) =>
      [...selectorOf(w), ...containersOf(w).flatMap(([c, path]) => [...mountsOf(w, c, path), ...requestsOf(c, path)]), ...twice(w)].map(
        ({ field, message, text }): FindingDraft => ({
          subject: w.ref,
          field,
          affects: [],
          message,
          evidence: [{ kind: 'field', resource: w.ref, source: field, text }],
          confidence: 0.95,
        }),
      ),
    ),
});

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
    const instead =
      meant === undefined ? (there.length === 0 ? 'there is no volume' : `there are ${names(there)}`) : `did you mean ${meant}?`;
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

function twice(w: Workload): Wrong[] {
  const all = containersOf(w);
  return all.flatMap(([c, path], i) =>
    all.findIndex(([o]) => o.name === c.name) === i
      ? []
      : [{ field: `${path}.name`, message: `two containers are called ${c.name}: give one another name`, text: c.name }],
  );
}
