import type { KubeObject } from '../../../../contract/index.ts';
import { KINDS } from '../../../../contract/index.ts';
import { type World, suffix } from './world.ts';

/** The server forgets KubeEvents after an hour. */
const KEPT_MS = 3_600_000;

/** Says something about an object; the same said again is counted, as the recorders of Kubernetes do. */
export function say(
  { table, time }: World,
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component: string,
): void {
  const namespace = object.metadata.namespace ?? 'default';
  const { uid, name } = object.metadata;
  const key = `${name}.${suffix(`${uid}/${reason}/${message}`, 16)}`;
  const before = table.get('events', namespace, key);
  const at = time.stamp();
  table.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: key, namespace, creationTimestamp: at },
    type,
    reason,
    message,
    involvedObject: { apiVersion: KINDS[object.kind].apiVersion, kind: object.kind, namespace, name, uid },
    source: { component },
    count: Number(before?.['count'] ?? 0) + 1,
    firstTimestamp: before?.['firstTimestamp'] ?? at,
    lastTimestamp: at,
  });
}

/** Removes what was last said more than an hour ago. */
export function forgetOldEvents({ table, time }: World): void {
  for (const event of table.list('events')) {
    if (time.now() - Date.parse(String(event['lastTimestamp'])) > KEPT_MS)
      table.remove('events', event.metadata.namespace, event.metadata.name);
  }
}
