import type { ContextName, Fact, Probe } from '../contract/index.ts';
import type { Kube, ReadableStore } from './ports.ts';

/** Carries a probe to who can answer it. A failure is a fact too. */
export type AskProbe = (context: ContextName, probe: Probe) => Promise<Fact>;

const MOST_CHANGES = 20;

/** What a cluster knows is asked of the kube worker; what changed is in our own record. */
export function askProbe({
  kube,
  store,
}: {
  readonly kube: Pick<Kube, 'probe'>;
  readonly store: Pick<ReadableStore, 'changes'>;
}): AskProbe {
  return async (context, probe) => {
    if (probe.type !== 'changes') return kube.probe(context, probe);
    const { kind, name, namespace } = probe.resource;
    const changes = await store.changes({ context, object: `${kind}/${name}`, namespace, limit: MOST_CHANGES });
    return { ok: true, value: { changes: [...changes] } };
  };
}
