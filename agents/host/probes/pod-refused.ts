import { type Json, KINDS, isKind } from '../../contract/index.ts';
import { objectPath } from '../cluster/paths.ts';
import type { ProbeExecutor } from './executor.ts';

type Fields = { readonly [key: string]: Json };
const at = (value: Json | undefined, ...steps: readonly string[]): Json | undefined =>
  steps.reduce<Json | undefined>((v, step) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? v[step] : undefined), value);
const fields = (value: Json | undefined): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {});
const items = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** A pod as the controller of this object would make it, but for its name; undefined where the object makes none. */
export function podOf(owner: Json, namespace: string, name: string): Fields | undefined {
  const template = at(owner, 'spec', 'template') ?? at(owner, 'spec', 'jobTemplate', 'spec', 'template');
  const spec = at(template, 'spec');
  if (spec === undefined) return undefined;
  const { labels, annotations } = fields(at(template, 'metadata'));
  const claims = items(at(owner, 'spec', 'volumeClaimTemplates')).flatMap((claim): Json[] => {
    const volume = at(claim, 'metadata', 'name');
    return typeof volume === 'string' ? [{ name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}-0` } }] : [];
  });
  return {
    metadata: {
      generateName: `${name}-`,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: claims.length === 0 ? spec : { ...fields(spec), volumes: [...items(at(spec, 'volumes')), ...claims] },
  };
}

/** Whether the API server would let a pod of a workload in, and why not. The live template is used and does not leave the kube worker. */
export const podRefused: ProbeExecutor<'podRefused'> = {
  type: 'podRefused',
  cost: 'costly',
  timeLimitMs: 36_000,
  needs: ({ resource }) => [
    { verb: 'create', group: '', resource: 'pods', ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }) },
  ],
  run: async ({ resource }, { transport, rehearse, signal }) => {
    const { kind, name, namespace = 'default' } = resource;
    const none = { ok: false, failure: { code: 'invalid', message: `${kind} ${namespace}/${name} makes no pods.` } } as const;
    if (!isKind(kind)) return none;
    const owner = await transport.get(objectPath(KINDS[kind], name, namespace), { signal });
    if (!owner.ok) return owner;
    const pod = podOf(owner.value, namespace, name);
    return pod === undefined ? none : rehearse.pod(namespace, pod, signal);
  },
};
