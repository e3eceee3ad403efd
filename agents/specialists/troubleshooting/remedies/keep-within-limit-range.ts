import type { Container, JsonPatchOp } from '../../../contract/index.ts';
import { defineRemedy } from '../../../core/agent.ts';
import { field, pointer } from '../../../core/paths.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { workloadAt } from '../../../core/workloads.ts';
import { LIMIT_KINDS } from '../checks/limit-range-refuses.ts';
import { brokenRules, ofResources, rulesOf } from '../limit-ranges.ts';
import { formatAmount } from '../pod-requests.ts';
import { withDefaults } from '../quota.ts';
import { names } from '../scheduling-evidence.ts';
import { changeOrAdvice } from '../template-change.ts';

type Resources = Container['resources'];
type Rules = ReturnType<typeof rulesOf>;

const more = (a: string | undefined, b: string | undefined) =>
  a !== undefined && b !== undefined && (parseQuantity(a) ?? 0) > (parseQuantity(b) ?? Infinity) * (1 + 1e-9);

/** The nearest requests and limits that keep every rule; undefined where the rules contradict each other. */
function nearestWithin(resources: Resources, rules: Rules): Resources | undefined {
  const limits = { ...resources.limits };
  const requests = { ...resources.requests };
  for (const { limit } of rules) {
    for (const [r, most] of Object.entries(limit.max)) {
      if (limits[r] === undefined || more(limits[r], most)) limits[r] = most;
      if (more(requests[r], most)) requests[r] = most;
    }
    for (const [r, least] of Object.entries(limit.min)) {
      if (requests[r] === undefined || more(least, requests[r])) requests[r] = least;
      if (more(least, limits[r])) limits[r] = least;
    }
    for (const [r, request] of Object.entries(requests)) if (more(request, limits[r])) limits[r] = request;
    for (const [r, ratio] of Object.entries(limit.maxLimitRequestRatio)) {
      const [asked, most] = [parseQuantity(requests[r] ?? '') ?? 0, parseQuantity(limits[r] ?? '')];
      const factor = parseQuantity(ratio) ?? 1;
      if (most !== undefined && most > asked * factor * (1 + 1e-9)) requests[r] = atLeast(r, most / factor);
    }
  }
  const result = { requests, limits };
  return ofResources(result, rules, result).length === 0 ? result : undefined;
}

/** Rounded up, so that the ratio is kept. */
const atLeast = (resource: string, amount: number) =>
  resource === 'cpu' ? `${Math.ceil(amount * 1000)}m` : formatAmount(resource, Math.ceil(amount / 2 ** 20) * 2 ** 20);

interface Change {
  readonly op: JsonPatchOp[];
  readonly words: string;
}

function changes(path: string, container: Container, to: Resources, completed: Resources): Change[] {
  return (['limits', 'requests'] as const).flatMap((side): Change[] => {
    const written = container.resources[side];
    const differing = Object.entries(to[side]).filter(([r, v]) => completed[side][r] !== v);
    if (differing.length === 0) return [];
    const words = names(
      differing.map(
        ([r, v]) => `${r} ${side === 'limits' ? 'limit' : 'request'} of ${container.name} from ${written[r] ?? 'nothing'} to ${v}`,
      ),
    );
    if (Object.keys(written).length === 0)
      return [{ op: [{ op: 'add', path: pointer(`${path}.${side}`), value: Object.fromEntries(differing) }], words }];
    const op = differing.flatMap(([r, v]): JsonPatchOp[] => {
      const at = pointer(field(`${path}.${side}`, r));
      return written[r] === undefined
        ? [{ op: 'add', path: at, value: v }]
        : [
            { op: 'test', path: at, value: written[r] },
            { op: 'replace', path: at, value: v },
          ];
    });
    return [{ op, words }];
  });
}

export const keepWithinLimitRange = defineRemedy({
  name: 'keep-within-limit-range',
  codes: ['QTA-003'],
  kinds: LIMIT_KINDS,
  doc: `Sets requests and limits to the nearest values that every LimitRange of the namespace allows. The LimitRange itself is a decision
of whoever shares the cluster out, and stays. How a whole pod's share is to be divided between containers is for a person to say.`,
  run: ({ finding, view }) => {
    const workload = workloadAt(view, finding.subject);
    if (workload === undefined) return undefined;
    const ranges = view.list('LimitRange', workload.namespace);
    const { spec } = workload.template;
    const broken = brokenRules(spec, ranges);
    if (broken.length === 0) return undefined;
    const advice = `Change ${names([...new Set(broken.map((b) => `${b.resource} ${b.side}`))])} in ${workload.specPath}, or have LimitRange ${names([...new Set(broken.map((b) => b.range))])} in namespace ${workload.namespace} changed by whoever owns it.`;
    // With one container the pod's rules are the container's.
    const alone = spec.containers.length === 1 && spec.initContainers.length === 0;
    const rules = [...rulesOf(ranges, 'Container'), ...(alone ? rulesOf(ranges, 'Pod') : [])];
    if (!alone && broken.some((b) => b.type === 'Pod')) return { advice };
    const complete = withDefaults(spec, ranges);
    const all: Change[] = [];
    for (const list of ['containers', 'initContainers'] as const)
      for (const [i, container] of complete[list].entries()) {
        const to = nearestWithin(container.resources, rules);
        const written = spec[list][i];
        if (to === undefined || written === undefined) return { advice };
        all.push(...changes(`${workload.specPath}.${list}[${i}].resources`, written, to, container.resources));
      }
    if (all.length === 0) return { advice };
    const answer = changeOrAdvice(
      workload,
      all.flatMap((c) => c.op),
      {
        remedy: 'keep-within-limit-range',
        title: `Change ${names(all.map((c) => c.words))}`,
        because: `${finding.message}. These are the nearest values that are allowed; what the program needs is not known, so watch its use`,
        verify: ['QTA-003'],
      },
    );
    return { ...answer, advice: answer.advice ?? advice };
  },
});
