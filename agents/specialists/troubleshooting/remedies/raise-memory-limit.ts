import type { JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { pointer } from '../../../core/paths.ts';
import { formatBytes, parseQuantity } from '../../../core/quantity.ts';
import { WORKLOAD_KINDS, type Workload, workloadAt } from '../../../core/workloads.ts';
import { changeOrAdvice, replaceValue } from '../template-change.ts';

/** At least this much more, so that a tiny limit is not raised in vain again and again. Bytes. */
const LEAST_MORE = 64 * 2 ** 20;

export const raiseMemoryLimit = defineRemedy({
  name: 'raise-memory-limit',
  codes: ['POD-004'],
  kinds: [...WORKLOAD_KINDS, 'Node', 'LimitRange'],
  doc: `Doubles the memory limit, at least 64 MiB more, where a node could hold that and no LimitRange forbids it. What the program needs is not
known, and one that is a default of the namespace is set in the workload: verification shows whether it was enough, and the change is taken back if not. A leak outgrows any limit.`,
  run: ({ finding, view }) => {
    const w = workloadAt(view, finding.subject);
    const { limit, bytes, container } = finding.params;
    if (w === undefined || finding.field === undefined || typeof limit !== 'string' || typeof bytes !== 'number' || bytes === 0)
      return { advice: 'The node itself ran out of memory: give the container a request, or the node more memory.' };
    const most = Math.max(0, ...view.list('Node').map((n) => parseQuantity(n.status.allocatable['memory']) ?? 0));
    const allowed = Math.min(
      Infinity,
      ...view
        .list('LimitRange', w.namespace)
        .flatMap((l) => l.spec.limits.flatMap((x) => (x.type === 'Container' ? (parseQuantity(x.max['memory']) ?? []) : []))),
    );
    const wanted = Math.max(bytes * 2, bytes + LEAST_MORE);
    if (wanted > most / 2 || wanted > allowed)
      return {
        advice: `More than ${limit} is ${wanted > allowed ? 'not allowed by the LimitRange of the namespace' : 'too much for the nodes'}: find what takes the memory in container ${String(container)}.`,
      };
    const to = formatBytes(wanted);
    const ops = finding.params['written'] === false ? setLimit(w, finding.field, to) : replaceValue(finding.field, limit, to);
    return changeOrAdvice(w, ops, {
      remedy: 'raise-memory-limit',
      title: `Raise the memory limit of ${String(container)} from ${limit} to ${to}`,
      because: `the container was killed at its limit of ${limit}; if it leaks, this only buys time, and verification will show it`,
      verify: ['POD-004'],
      stableForSeconds: 15,
    });
  },
});

/** A limit that stood nowhere is written for the first time, beside those there are. */
function setLimit({ template: { spec }, specPath }: Workload, at: string, to: string): JsonPatchOp[] {
  const place = /(containers|initContainers)\[(\d+)\]\.resources\.limits\.memory$/.exec(at.slice(specPath.length));
  const list = place?.[1] === 'initContainers' ? spec.initContainers : spec.containers;
  const isAlone = Object.keys(list[Number(place?.[2])]?.resources.limits ?? {}).length === 0;
  return [
    isAlone
      ? { op: 'add', path: pointer(at.slice(0, at.lastIndexOf('.'))), value: { memory: to } }
      : { op: 'add', path: pointer(at), value: to },
  ];
}
