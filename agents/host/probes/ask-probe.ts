import { type ContextName, type Fact, type Failure, type Probe, isOwnProbe } from '../../contract/index.ts';
import type { MarkBook } from '../contexts/marks-file.ts';
import type { Kube } from '../ports/kube.ts';
import type { OwnSources } from './own/executor.ts';
import { runOwnProbe } from './own/index.ts';

/** Carries a probe to who can answer it. A failure is a fact too. `context` is null where no cluster is asked about. */
export type AskProbe = (context: ContextName | null, probe: Probe) => Promise<Fact>;

/** What a cluster knows is asked of the kube worker; what we have ourselves is not. */
export function askProbe({
  kube,
  marks,
  ...own
}: OwnSources & {
  readonly kube: Pick<Kube, 'probe' | 'flushChanges'>;
  readonly marks: Pick<MarkBook, 'isReadOnly'>;
}): AskProbe {
  return (context, probe) => {
    if (isOwnProbe(probe)) return runOwnProbe(probe, context, { ...own, kube });
    if (context === null) return Promise.resolve({ ok: false, failure: NO_CLUSTER });
    if (probe.type === 'podRefused' && marks.isReadOnly(context)) return Promise.resolve({ ok: false, failure: readOnly(context) });
    return kube.probe(context, probe);
  };
}

const NO_CLUSTER: Failure = { code: 'context-unknown', message: 'No cluster is asked about.' };

const readOnly = (context: ContextName): Failure => ({
  code: 'forbidden',
  message: `Context ${context} is marked read-only, so its server is not asked whether it would admit a pod.`,
});
