import type { OwnExecutor } from './executor.ts';

const MOST_CHANGES = 20;

export const changes: OwnExecutor<'changes'> = async ({ resource: { kind, name, namespace } }, context, { kube, store }) => {
  if (context === null) return { changes: [] };
  // Whoever asks has seen the object as it is now: what made it so must be in the record.
  await kube.flushChanges(context);
  return { changes: [...(await store.changes({ context, object: `${kind}/${name}`, namespace, limit: MOST_CHANGES }))] };
};
