import type { AppParts } from '../app-parts.ts';
import { FleetMap } from '../known/fleet-map.ts';
import { StoredRows } from '../known/stored-rows.ts';
import { os } from './os.ts';

/** The fleet as a map. */
export function mapProcedures({ ports, store, orchestrator }: AppParts) {
  const { states } = orchestrator;
  const map = new FleetMap({ kube: ports.kube, states, stored: new StoredRows(store), clock: ports.clock });
  return {
    map: {
      get: os.map.get.handler(async ({ signal }) => ({ parts: await map.get(signal) })),
      follow: os.map.follow.handler(async function* ({ signal }) {
        yield* map.follow(signal);
      }),
    },
  };
}
