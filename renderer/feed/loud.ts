import type { HostEvent } from '../../agents/contract/index.ts';

/** What somebody should not overlook. */
const LOUD: ReadonlySet<HostEvent['type']> = new Set<HostEvent['type']>([
  'agent.crashed',
  'agent.gaveUp',
  'agents.held',
  'cluster.wentOffline',
  'cluster.wentStale',
  'action.failed',
  'plan.rollingBack',
  'check.failed',
  'signIn.asked',
  'log.pruned',
]);

export const isLoud = ({ type }: Pick<HostEvent, 'type'>): boolean => LOUD.has(type);
