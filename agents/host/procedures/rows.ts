import type { AppParts } from '../app-parts.ts';
import { listRows } from '../known/list-rows.ts';
import { StoredRows } from '../known/stored-rows.ts';
import { must, os } from './os.ts';

/** Objects as rows, live or as last known. */
export function rowProcedures({ ports, store, orchestrator }: AppParts) {
  const { states } = orchestrator;
  const stored = new StoredRows(store);
  states.onRows((context) => stored.forget(context));
  const parts = { kube: ports.kube, states, stored, now: () => ports.clock.now() };
  return {
    rows: {
      list: os.rows.list.handler(async ({ input, errors }) => {
        const { contexts } = await ports.kube.kubeconfig();
        return must(await listRows(parts, contexts, input), errors);
      }),
    },
  };
}
