import { z } from 'zod';
import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';
import type { Kube } from '../ports/kube.ts';

/** What a person names when they mean a pod: itself, or what selects it; with a port, its number on that pod. */
export interface PodTarget {
  readonly context: ContextName;
  readonly namespace: string;
  /** `checkout-7d9f`, `deploy/checkout`, `svc/web`. */
  readonly target: string;
  /** Of a Service its own port; else the container's, by number or name. */
  readonly port?: number | string | undefined;
}

const Port = z.union([z.number(), z.string()]);
const PodSchema = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().nullish() }),
  spec: z.object({
    containers: z
      .array(z.object({ ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).nullish() }))
      .default([]),
  }),
  status: z
    .object({ phase: z.string().optional(), conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .default({}),
});
type Pod = z.output<typeof PodSchema>;
const LabelsSchema = z.record(z.string(), z.string());
const OwnerSchema = z.object({
  kind: z.string(),
  spec: z
    .object({
      selector: z.union([z.object({ matchLabels: LabelsSchema }).strip(), LabelsSchema]).nullish(),
      ports: z.array(z.object({ name: z.string().optional(), port: z.number(), targetPort: Port.optional() })).nullish(),
    })
    .default({}),
});

/** `app=web,tier=front`: what selects pods, of an object that does; undefined where it selects none. */
export function podSelectorOf(object: unknown): string | undefined {
  const owner = OwnerSchema.safeParse(object);
  const selector = owner.success ? (owner.data.spec.selector ?? undefined) : undefined;
  const labels =
    selector === undefined ? undefined : LabelsSchema.safeParse('matchLabels' in selector ? selector['matchLabels'] : selector);
  if (labels?.success !== true || Object.keys(labels.data).length === 0) return undefined;
  return Object.entries(labels.data)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');
}

/** A pod that is meant, a ready one where there is a choice. Fails in words where there is none, or no such port. */
export async function findPod(kube: Kube, asked: PodTarget): Promise<Outcome<{ readonly pod: string; readonly port: number | undefined }>> {
  const { context, namespace, target } = asked;
  const [word = '', rest] = target.split('/');
  const [kind, name] = rest === undefined ? ['pod', word] : [word, rest];
  const object = await kube.object(context, { kind, namespace, name });
  if (!object.ok) return object;
  const pod = PodSchema.safeParse(object.value);
  const owner = OwnerSchema.safeParse(object.value);
  if (owner.success && owner.data.kind === 'Pod') {
    if (!pod.success) return refused('not-found', `Pod ${name} makes no sense.`);
    if (pod.data.status.phase !== undefined && pod.data.status.phase !== 'Running')
      return refused('bad-input', `Pod ${name} in ${namespace} is not running (${pod.data.status.phase}).`);
    return withPort(pod.data, asked.port, asked);
  }
  const { ports } = owner.success ? owner.data.spec : {};
  const labelSelector = podSelectorOf(object.value);
  if (labelSelector === undefined) return refused('bad-input', `${target} in ${namespace} selects no pods.`);
  const query = new URLSearchParams({ labelSelector, limit: '500' });
  const list = await kube.get(context, `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query.toString()}`);
  if (!list.ok) return list;
  const items = (list.value as { items?: unknown[] } | null)?.items ?? [];
  const pods = items.flatMap((item) => {
    const parsed = PodSchema.safeParse(item);
    return parsed.success && parsed.data.status.phase === 'Running' && (parsed.data.metadata.deletionTimestamp ?? null) === null
      ? [parsed.data]
      : [];
  });
  const ready = pods.find((p) => p.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ?? pods[0];
  if (ready === undefined) return refused('not-found', `No pod of ${target} in ${namespace} is running.`, 'quarterdeck diagnose says why.');
  if (ports === undefined || ports === null || asked.port === undefined) return withPort(ready, asked.port, asked);
  const served = ports.find((p) => p.port === Number(asked.port) || p.name === asked.port);
  if (served === undefined)
    return refused('bad-input', `${target} has no port ${asked.port}.`, `Its ports are ${ports.map((p) => p.port).join(', ')}.`);
  return withPort(ready, served.targetPort ?? served.port, asked);
}

function withPort(pod: Pod, port: number | string | undefined, { target }: PodTarget): Outcome<{ pod: string; port: number | undefined }> {
  const { name } = pod.metadata;
  if (port === undefined || typeof port === 'number' || /^\d+$/.test(port))
    return { ok: true, value: { pod: name, port: port === undefined ? undefined : Number(port) } };
  const named = pod.spec.containers.flatMap((c) => c.ports ?? []);
  const found = named.find((p) => p.name === port);
  if (found !== undefined) return { ok: true, value: { pod: name, port: found.containerPort } };
  const near = nearest(
    port,
    named.flatMap((p) => p.name ?? []),
  );
  return refused(
    'bad-input',
    `No container of ${target} calls a port "${port}".`,
    near === undefined ? 'Name the port by its number.' : `Did you mean ${near}?`,
  );
}

function refused(code: Failure['code'], message: string, hint?: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
