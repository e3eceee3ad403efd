/** The contract: the only thing the renderer and the carriers know. One barrel, here and nowhere else but the registry. */
export * from './ids.ts';
export * from './finding.ts';
export * from './plan.ts';
export * from './dismissals.ts';
export * from './audit.ts';
export * from './hold.ts';
export * from './incident.ts';
export * from './hosts.ts';
export * from './kinds.ts';
export * from './probes.ts';
export * from './events.ts';
export * from './contexts.ts';
export * from './rows.ts';
export * from './changes.ts';
export * from './explore.ts';
export * from './interactive.ts';
export * from './commands.ts';
export type * from './inference.ts';
