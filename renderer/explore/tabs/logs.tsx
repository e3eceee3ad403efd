import { useMemo } from 'react';
import { LogView } from '../../logs/log-view.tsx';
import type { TabProps } from '../object-tabs.ts';

/** Logs of a pod, or of all pods it leads to. */
export function ObjectLogs({ place: { context, namespace = 'default', name }, facts: { kind, containers } }: TabProps) {
  const of = useMemo(() => ({ context, namespace, targets: [`${kind}/${name}`] }), [context, namespace, kind, name]);
  return <LogView of={of} containers={containers.map((c) => c.name)} />;
}
