import { type InMaintenance, type Maintenance, type ResourceRef, refKey } from '../contract/index.ts';
import { isWithin } from './time-window.ts';

/** What known maintenance covers, and when. Times in milliseconds since 1970. */

export const isMaintenanceOver = ({ until }: Pick<Maintenance, 'until'>, now: number): boolean =>
  until !== null && Date.parse(until) <= now;

export const isMaintenanceActive = (maintenance: Maintenance, now: number): boolean =>
  Date.parse(maintenance.from) <= now &&
  !isMaintenanceOver(maintenance, now) &&
  (maintenance.window === undefined || isWithin(maintenance.window, now));

/** What a workload makes and takes away by itself. */
const MADE: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Job', 'EndpointSlice']);

/**
 * Whether something whose cause lies in `resource` is covered. Of what a workload makes, the workload is among what is affected; what a fault
 * elsewhere does to the covered object is none of the maintenance's.
 */
export function isCovered(
  { scope: { namespace, object } }: Pick<Maintenance, 'scope'>,
  resource: ResourceRef,
  affects: readonly ResourceRef[] = [],
): boolean {
  const inNamespace = resource.namespace ?? (resource.kind === 'Namespace' ? resource.name : undefined);
  if (object === undefined) return namespace === undefined || namespace === inNamespace;
  const key = refKey({ apiVersion: '', ...object, ...(namespace === undefined ? {} : { namespace }) });
  return refKey(resource) === key || (MADE.has(resource.kind) && affects.some((a) => refKey(a) === key));
}

/** The mark of the maintenance something is found in at a moment; undefined where there is none. */
export function maintenanceOf(
  all: Iterable<Maintenance>,
  found: { readonly context: string; readonly resource: ResourceRef; readonly affects?: readonly ResourceRef[] },
  now: number,
): InMaintenance | undefined {
  for (const maintenance of all) {
    if (maintenance.context !== found.context || !isMaintenanceActive(maintenance, now)) continue;
    if (!isCovered(maintenance, found.resource, found.affects)) continue;
    const { id, reason, by, until } = maintenance;
    return { id, reason, by, until };
  }
  return undefined;
}
