import type { Workload } from '../../core/workloads.ts';
import { nearest } from '../../core/nearest.ts';
import { type Service, declaredPorts, podLabels } from './service-pods.ts';

/** Which workload a Service that selects nothing was meant for. */

export interface Meant {
  readonly workload: Workload;
  /** The selector as it should be; only keys that differ differ. */
  readonly selector: Readonly<Record<string, string>>;
  /** Keys of the present selector that are wrong, with what the pods carry. */
  readonly changes: readonly { readonly key: string; readonly value: string; readonly toKey: string; readonly to: string }[];
}

/** Labels that controllers add; no author writes them into a selector. */
const BY_CONTROLLER =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/|batch\.kubernetes\.io\/|controller-uid|job-name)/;

/** The selector corrected to the labels of a workload; undefined where a key has nothing near on its pods. */
export function corrected(service: Service, workload: Workload): Meant | undefined {
  const labels = Object.fromEntries(Object.entries(podLabels(workload)).filter(([k]) => !BY_CONTROLLER.test(k)));
  const selector: Record<string, string> = {};
  const changes: { key: string; value: string; toKey: string; to: string }[] = [];
  for (const [key, value] of Object.entries(service.spec.selector)) {
    const toKey = labels[key] !== undefined ? key : nearestKey(key, value, labels);
    const to = toKey === undefined ? undefined : labels[toKey];
    if (toKey === undefined || to === undefined || selector[toKey] !== undefined) return undefined;
    selector[toKey] = to;
    if (toKey !== key || to !== value) changes.push({ key, value, toKey, to });
  }
  return changes.length === 0 ? undefined : { workload, selector, changes };
}

/** A key with the same value, or a near key: `app` for `app.kubernetes.io/name`, `tier` for `teir`. */
function nearestKey(key: string, value: string, labels: Readonly<Record<string, string>>): string | undefined {
  const same = Object.keys(labels).filter((k) => labels[k] === value);
  return same.length === 1 ? same[0] : nearest(key, Object.keys(labels));
}

/** How much speaks for a workload: equal pairs, near values, its name, its ports. */
function score(service: Service, meant: Meant): number {
  const { workload, changes } = meant;
  const equal = Object.keys(service.spec.selector).length - changes.length;
  const near = changes.filter((c) => (c.toKey === c.key ? nearest(c.value, [c.to]) !== undefined : c.value === c.to)).length;
  const name = service.metadata.name;
  const named = workload.name === name ? 3 : nearest(name, [workload.name]) !== undefined || contains(name, workload.name) ? 2 : 0;
  const ports = declaredPorts(workload);
  const port = service.spec.ports.some((p) => ports.some((o) => o.number === (p.targetPort ?? p.port) || o.name === p.targetPort)) ? 1 : 0;
  // Every wrong pair needs something that speaks for it: a near value, or the name of the Service.
  return near === changes.length || named >= 2 ? equal * 2 + near * 2 + named + port : 0;
}

const contains = (a: string, b: string) =>
  a !== b && (a.startsWith(`${b}-`) || b.startsWith(`${a}-`) || a.endsWith(`-${b}`) || b.endsWith(`-${a}`));

/** The one workload that was meant; undefined where none or several come into question. */
export function meantFor(service: Service, inNamespace: readonly Workload[]): Meant | undefined {
  const scored = inNamespace
    .flatMap((w) => corrected(service, w) ?? [])
    .map((meant) => ({ meant, score: score(service, meant) }))
    .filter((s) => s.score > 0)
    .sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (first === undefined || (second !== undefined && second.score >= first.score)) return undefined;
  return first.meant;
}
