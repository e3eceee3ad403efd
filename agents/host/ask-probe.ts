import type { ContextName, Fact, Failure, Probe } from '../contract/index.ts';
import type { MarkBook } from './context-marks-file.ts';
import type { Kube, ReadableStore } from './ports.ts';

/** Carries a probe to who can answer it. A failure is a fact too. */
export type AskProbe = (context: ContextName, probe: Probe) => Promise<Fact>;

const MOST_CHANGES = 20;

/** What a cluster knows is asked of the kube worker; what changed is in our own record. */
export function askProbe({
  kube,
  store,
  marks,
}: {
  readonly kube: Pick<Kube, 'probe'>;
  readonly store: Pick<ReadableStore, 'changes'>;
  readonly marks: Pick<MarkBook, 'isReadOnly'>;
}): AskProbe {
  return async (context, probe) => {
    if (probe.type === 'podRefused' && marks.isReadOnly(context)) return { ok: false, failure: readOnly(context) };
    if (probe.type !== 'changes') return kube.probe(context, probe);
    const { kind, name, namespace } = probe.resource;
    const changes = await store.changes({ context, object: `${kind}/${name}`, namespace, limit: MOST_CHANGES });
    return { ok: true, value: { changes: [...changes] } };
  };
}

const readOnly = (context: ContextName): Failure => ({
  code: 'forbidden',
  message: `Context ${context} is marked read-only, so its server is not asked whether it would admit a pod.`,
});
