import type { CheckContext, FindingDraft } from '../../core/agent.ts';
import { nearest } from '../../core/nearest.ts';
import { workloads } from '../../core/workloads.ts';
import { type ConfigKind, type ConfigReference, configReferences, keysOf, kubeletWords, podRefs, waitingFor } from './config-references.ts';
import { fieldEvidence } from './containers.ts';
import { count, names } from './scheduling-evidence.ts';

const other = { ConfigMap: 'Secret', Secret: 'ConfigMap' } as const;

/** References of one kind to objects that are not there, one finding a workload and name. */
export function missingObjects(ctx: CheckContext<ConfigKind>, kind: ConfigReference['kind']): FindingDraft[] {
  const { view, now } = ctx;
  return workloads(view).flatMap((w) => {
    if (!view.complete(kind, w.namespace)) return [];
    const references = configReferences(w).filter((r) => r.kind === kind && !r.optional);
    const absent = references.filter(
      (r, i) => view.get(kind, w.namespace, r.name) === undefined && references.findIndex((x) => x.name === r.name) === i,
    );
    if (references.length > 0 && absent.length === 0) ctx.passed(w.ref, `every ${kind} it names exists`);
    return absent.flatMap((reference) => {
      const all = references.filter((r) => r.name === reference.name);
      const waiting = new Set(all.flatMap((r) => waitingFor(w, r, now)));
      const pods = w.currentPods.filter((pod) => waiting.has(pod));
      if (pods.length === 0) return [];
      const there = view.list(kind, w.namespace).map((o) => o.metadata.name);
      const meant = nearest(reference.name, there);
      const asOther = view.get(other[kind], w.namespace, reference.name) !== undefined;
      const elsewhere = view
        .list(kind)
        .filter((o) => o.metadata.name === reference.name)
        .map((o) => o.metadata.namespace ?? '');
      const instead = asOther
        ? `a ${other[kind]} of that name exists: was that meant?`
        : meant !== undefined
          ? `did you mean ${meant}?`
          : elsewhere.length > 0
            ? `one of that name is in namespace ${names(elsewhere)}, which pods here cannot use`
            : `nothing here has a name like it`;
      const said = kubeletWords(pods, reference.name);
      return [
        {
          subject: w.ref,
          field: reference.nameField,
          affects: podRefs(pods),
          message: `${kind} ${reference.name}, needed for ${names([...new Set(all.map((r) => r.use))])}, does not exist in namespace ${w.namespace}, so ${count(pods.length, 'pod')} cannot start; ${instead}`,
          evidence: [
            fieldEvidence(w.ref, reference.nameField, `${reference.nameField.split('.').at(-1) ?? 'name'}: ${reference.name}`),
            ...(said === undefined ? [] : [fieldEvidence(podRefs([said.pod])[0] ?? w.ref, 'status.containerStatuses', said.text)]),
          ],
          confidence: 0.97,
          params: {
            kind,
            wanted: reference.name,
            ...(meant === undefined || asOther ? {} : { meant }),
            asOther,
            fields: all.map((r) => r.nameField).join('\n'),
          },
        },
      ];
    });
  });
}

/** References to keys that an existing object lacks. */
export function missingKeys(ctx: CheckContext<ConfigKind>, kind: ConfigReference['kind']): FindingDraft[] {
  const { view, now } = ctx;
  return workloads(view).flatMap((w) =>
    configReferences(w).flatMap((reference) => {
      const { key, keyField } = reference;
      if (reference.kind !== kind || reference.optional || key === undefined || keyField === undefined) return [];
      const keys = keysOf(view, kind, w.namespace, reference.name);
      if (keys === undefined) return [];
      if (keys.includes(key)) {
        ctx.passed(w.ref, `every key it names exists`);
        return [];
      }
      const pods = waitingFor(w, reference, now);
      if (pods.length === 0) return [];
      const meant = nearest(key, keys);
      const said = kubeletWords(pods, key);
      return [
        {
          subject: w.ref,
          field: keyField,
          affects: podRefs(pods),
          message: `${kind} ${reference.name} has no key ${key}, needed for ${reference.use}, so ${count(pods.length, 'pod')} cannot start; ${meant === undefined ? `its keys are ${keys.length === 0 ? 'none' : names(keys)}` : `did you mean ${meant}?`}`,
          evidence: [
            fieldEvidence(w.ref, keyField, `key: ${key}`),
            fieldEvidence(
              { apiVersion: 'v1', kind, namespace: w.namespace, name: reference.name },
              'data',
              `keys: ${keys.length === 0 ? 'none' : names(keys)}`,
            ),
            ...(said === undefined ? [] : [fieldEvidence(podRefs([said.pod])[0] ?? w.ref, 'status.containerStatuses', said.text)]),
          ],
          confidence: 0.97,
          params: { kind, wanted: key, object: reference.name, ...(meant === undefined ? {} : { meant }), fields: keyField },
        },
      ];
    }),
  );
}
