import type { OwnExecutor } from './executor.ts';

const MOST_CHANGES = 20;

export const changes: OwnExecutor<'changes'> = async ({ resource: { kind, name, namespace } }, context, { store }) => {
  if (context === null) return { changes: [] };
  return { changes: [...(await store.changes({ context, object: `${kind}/${name}`, namespace, limit: MOST_CHANGES }))] };
};
