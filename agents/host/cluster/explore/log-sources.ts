import { z } from 'zod';
import { type Failure, KINDS, type LogSelection, type Outcome } from '../../../contract/index.ts';
import { notAnApiServer } from '../failures.ts';
import { collectionPath, objectPath } from '../paths.ts';
import type { ReadOnlyTransport } from '../transport.ts';
import type { Discovery } from './discovery.ts';

/** One container whose log is wanted. `run` names its present run: it is another after a restart. */
export interface LogSource {
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly run: string;
}

const StatusSchema = z
  .array(z.object({ name: z.string(), containerID: z.string().default(''), restartCount: z.number().default(0) }))
  .nullish();
const Named = z.array(z.object({ name: z.string() })).nullish();
const PodSchema = z.object({
  metadata: z.object({ name: z.string(), uid: z.string().default('') }),
  spec: z.object({ containers: Named, initContainers: Named, ephemeralContainers: Named }),
  status: z
    .object({ containerStatuses: StatusSchema, initContainerStatuses: StatusSchema, ephemeralContainerStatuses: StatusSchema })
    .default({ containerStatuses: null, initContainerStatuses: null, ephemeralContainerStatuses: null }),
});
const ListSchema = z.object({ items: z.array(z.unknown()).nullish() });
const LabelsSchema = z.record(z.string(), z.string());
const SelectorSchema = z.object({
  matchLabels: LabelsSchema.nullish(),
  matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() })).nullish(),
});

/** What is asked for, as queries for pods: each a label selector, or the name of a pod. */
export type PodQuery = { readonly name: string } | { readonly labels: string };

/** Workloads and Services are read for their selectors. Fails where one does not exist or selects nothing. */
export async function podQueries(
  { namespace, targets, labels }: LogSelection,
  transport: ReadOnlyTransport,
  discovery: Discovery,
): Promise<Outcome<readonly PodQuery[]>> {
  const queries: PodQuery[] = labels === undefined ? [] : [{ labels }];
  for (const target of targets) {
    const [word = '', name] = target.split('/');
    if (name === undefined) {
      queries.push({ name: word });
      continue;
    }
    const kind = await discovery.find(word);
    if (!kind.ok) return kind;
    if (kind.value.kind === 'Pod') {
      queries.push({ name });
      continue;
    }
    const object = await transport.get(objectPath(kind.value, name, namespace));
    if (!object.ok) return object;
    const selector = selectorText((object.value as { spec?: { selector?: unknown } } | null)?.spec?.selector);
    if (selector === undefined)
      return refused(
        `${kind.value.kind} ${name} in ${namespace} selects no pods, so it has no logs.`,
        'Name a pod, or pass a label selector.',
      );
    queries.push({ labels: selector });
  }
  return queries.length > 0
    ? { ok: true, value: queries }
    : refused('Nothing is named whose logs to read.', 'Name a pod or a workload, or pass a label selector.');
}

const refused = (message: string, hint: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { code: 'bad-input', message, hint },
});

/** A selector as the query of a list; a plain map is what Services have. */
function selectorText(selector: unknown): string | undefined {
  const full = SelectorSchema.safeParse(selector);
  const { matchLabels, matchExpressions } = full.success ? full.data : {};
  const plain = LabelsSchema.safeParse(selector);
  const labels = matchLabels ?? (plain.success ? plain.data : {});
  const parts = Object.entries(labels).map(([k, v]) => `${k}=${v}`);
  for (const { key, operator, values } of matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${(values ?? []).join(',')})`);
  }
  return parts.length === 0 ? undefined : parts.join(',');
}

/** The containers there are now, by pod and in the order of the manifest. */
export async function logSources(
  { namespace, container, previous }: LogSelection,
  queries: readonly PodQuery[],
  transport: ReadOnlyTransport,
  signal: AbortSignal,
): Promise<Outcome<readonly LogSource[]>> {
  const wanted = container === undefined ? undefined : new RegExp(container);
  const found = new Map<string, LogSource>();
  for (const query of queries) {
    const answer =
      'name' in query
        ? await transport.get(objectPath(KINDS.Pod, query.name, namespace), { signal })
        : await transport.get(collectionPath(KINDS.Pod, namespace), { query: { labelSelector: query.labels, limit: 500 }, signal });
    if (!answer.ok) return answer;
    const list = ListSchema.safeParse('name' in query ? { items: [answer.value] } : answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(transport.where) };
    for (const item of list.data.items ?? []) {
      const pod = PodSchema.safeParse(item);
      if (!pod.success) continue;
      for (const source of sourcesOf(pod.data, previous))
        if (wanted === undefined || wanted.test(source.container)) found.set(`${source.pod} ${source.container}`, source);
    }
  }
  return { ok: true, value: [...found.values()] };
}

function sourcesOf({ metadata, spec, status }: z.output<typeof PodSchema>, previous: boolean): LogSource[] {
  const statuses = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const names = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])].map((c) => c.name);
  return names.flatMap((container) => {
    const state = statuses.find((s) => s.name === container);
    if (previous && (state?.restartCount ?? 0) === 0) return [];
    return [{ pod: metadata.name, uid: metadata.uid, container, run: state?.containerID ?? '' }];
  });
}
