import { z } from 'zod';
import type { KubeEventFact } from '../../contract/index.ts';
import { notAnApiServer } from '../cluster/failures.ts';
import { collectionPath } from '../cluster/paths.ts';
import type { ProbeExecutor } from './executor.ts';

const EVENTS = { apiVersion: 'v1', resource: 'events', namespaced: true } as const;
const MOST_EVENTS = 50;

const text = z
  .string()
  .nullish()
  .transform((v) => v ?? '');
const EventSchema = z.object({
  metadata: z.object({ creationTimestamp: text }),
  type: text,
  reason: text,
  message: text,
  count: z.number().int().nullish(),
  firstTimestamp: text,
  lastTimestamp: text,
  eventTime: text,
  series: z.object({ count: z.number().int().nullish(), lastObservedTime: text }).nullish(),
  involvedObject: z.object({ uid: text, kind: text }),
});
const ListSchema = z.object({ items: z.array(z.unknown()).nullish() });

/** The events about one object, newest last, at most 50. Those of an earlier object of the same name are left out. */
export const objectEvents: ProbeExecutor<'objectEvents'> = {
  type: 'objectEvents',
  cost: 'cheap',
  timeLimitMs: 8_000,
  needs: ({ resource }) => [
    { verb: 'list', group: '', resource: 'events', ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }) },
  ],
  run: async ({ resource }, { transport, signal }) => {
    const { kind, name, namespace } = resource;
    const fieldSelector = [
      `involvedObject.kind=${kind}`,
      `involvedObject.name=${name}`,
      ...(namespace === undefined ? [] : [`involvedObject.namespace=${namespace}`]),
    ].join(',');
    const answer = await transport.get(collectionPath(EVENTS, namespace), { query: { fieldSelector, limit: 500 }, signal });
    if (!answer.ok) return answer;
    const list = ListSchema.safeParse(answer.value);
    if (!list.success) return { ok: false, failure: notAnApiServer(transport.where) };
    return { ok: true, value: { events: eventFacts(list.data.items ?? [], resource.uid) } };
  },
};

/** Raw events as facts, oldest first. An event that makes no sense is left out: it is evidence, not the object itself. */
export function eventFacts(items: readonly unknown[], uid: string | undefined): KubeEventFact[] {
  const facts: KubeEventFact[] = [];
  for (const item of items) {
    const parsed = EventSchema.safeParse(item);
    if (!parsed.success) continue;
    const { involvedObject, series, metadata, type, reason, message, count, ...times } = parsed.data;
    // The events of a node carry its name in place of its uid.
    const another = uid !== undefined && involvedObject.uid !== '' && involvedObject.uid !== uid && involvedObject.kind !== 'Node';
    if (another) continue;
    const at = [series?.lastObservedTime, times.lastTimestamp, times.eventTime, times.firstTimestamp, metadata.creationTimestamp]
      .map((time) => Date.parse(time ?? ''))
      .find((ms) => !Number.isNaN(ms));
    const since = [times.firstTimestamp, times.eventTime, metadata.creationTimestamp]
      .map((time) => Date.parse(time ?? ''))
      .find((ms) => !Number.isNaN(ms));
    facts.push({
      type,
      reason,
      message,
      count: series?.count ?? count ?? 1,
      ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    });
  }
  return facts.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0)).slice(-MOST_EVENTS);
}
