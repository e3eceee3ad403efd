import { useEffect, useState } from 'react';
import { linkToObject } from '../explore/places.ts';
import { useClient } from '../state/bridge-context.ts';
import { isLive } from '../state/cluster-words.ts';
import { usePage } from '../state/page.ts';
import { type Entry, entry } from './entries.ts';

/** Kinds that people look for by name, in their order, with the names they have in addresses. */
const KINDS = {
  Deployment: 'deployments.apps',
  Service: 'services',
  Pod: 'pods',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  CronJob: 'cronjobs.batch',
  Ingress: 'ingresses.networking.k8s.io',
  ConfigMap: 'configmaps',
  Namespace: 'namespaces',
  Node: 'nodes',
} as const;
const LEAST_LETTERS = 2;
const OF_A_KIND = 3;
/** What is typed fast is asked for once, milliseconds. */
const REST_MS = 120;

/** Objects of the watched clusters whose name, namespace or state holds what was typed: `web`, or `shop/web`. */
export function useObjects(typed: string): readonly Entry[] {
  const client = useClient();
  const any = usePage((s) => s.contexts?.contexts.some((c) => isLive(c.state) || c.asOf !== null) === true);
  const [found, setFound] = useState<{ readonly of: string; readonly entries: readonly Entry[] }>({ of: '', entries: [] });
  const search = typed.trim();
  const asks = any && search.length >= LEAST_LETTERS;
  useEffect(() => {
    if (!asks) return;
    const over = new AbortController();
    const timer = setTimeout(() => {
      const [first = '', name] = search.split('/', 2);
      const where = name === undefined ? { search: first } : { search: name, namespaces: [first] };
      const asked = Object.keys(KINDS).map((kind) => client.rows.list({ kind, limit: OF_A_KIND, ...where }, { signal: over.signal }));
      void Promise.allSettled(asked).then((answers) => {
        if (over.signal.aborted) return;
        const entries = answers.flatMap((a) => (a.status === 'fulfilled' ? a.value.rows.map(entryOf) : []));
        setFound({ of: search, entries });
      });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [client, asks, search]);
  // What was found for other letters is not shown for these.
  return asks && found.of === search ? found.entries : [];
}

function entryOf(row: { kind: string; context: string; namespace: string | null; name: string; state: string }): Entry {
  const { kind, context, namespace, name, state } = row;
  const go = linkToObject({ kind: KINDS[kind as keyof typeof KINDS], context, namespace: namespace ?? undefined, name });
  return entry(
    'Objects',
    `${context} ${kind} ${namespace ?? ''} ${name}`,
    `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`,
    `${context} · ${state}`,
    { go },
  );
}
