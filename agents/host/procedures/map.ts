import { type Failure, KINDS, isKind } from '../../contract/index.ts';
import { isLive } from '../../core/cluster-state.ts';
import type { AppParts } from '../app-parts.ts';
import { FleetMap } from '../known/fleet-map.ts';
import { StoredRows } from '../known/stored-rows.ts';
import { must, os } from './os.ts';

/** The fleet as a map, and one object in its surroundings. */
export function mapProcedures({ ports, store, orchestrator }: AppParts) {
  const { states } = orchestrator;
  const map = new FleetMap({ kube: ports.kube, states, stored: new StoredRows(store), clock: ports.clock });
  return {
    surroundings: {
      of: os.surroundings.of.handler(async ({ input: { context, namespace, kind, name }, errors }) => {
        if (!isLive(states.get(context).state)) return must(notWatched(context), errors);
        const resource = {
          apiVersion: isKind(kind) ? KINDS[kind].apiVersion : '',
          kind,
          ...(namespace === undefined ? {} : { namespace }),
          name,
        };
        return must(await orchestrator.consultations.ask('map', context, 'troubleshooting.surroundings', { resource }), errors);
      }),
    },
    map: {
      get: os.map.get.handler(async ({ signal }) => ({ parts: await map.get(signal) })),
      follow: os.map.follow.handler(async function* ({ signal }) {
        yield* map.follow(signal);
      }),
    },
  };
}

const notWatched = (context: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: {
    code: 'cluster-unreachable',
    message: `What depends on what is read from a running watch, and ${context} is not watched now.`,
    hint: 'Watch the cluster, then look again.',
  },
});
