import type { ContextName, Outcome } from '../../contract/index.ts';

export interface ClusterIdentity {
  /** The uid of the cluster behind a context as connected now; undefined or empty when it is not. */
  readonly clusterUid: (context: ContextName) => string | undefined;
  readonly connect: (context: ContextName) => Promise<Outcome<undefined>>;
}

/** Which cluster a context means now, connecting where that is not known. No plan is made or approved without it. */
export async function uidOf(context: ContextName, { clusterUid, connect }: ClusterIdentity): Promise<Outcome<string>> {
  if (!clusterUid(context)) {
    const connected = await connect(context);
    if (!connected.ok) return connected;
  }
  const uid = clusterUid(context);
  if (uid) return { ok: true, value: uid };
  return {
    ok: false,
    failure: { code: 'cluster-unreachable', message: `It is not known which cluster the context ${context} means: it is not connected.` },
  };
}
