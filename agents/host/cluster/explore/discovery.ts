import { z } from 'zod';
import type { ApiKind, Failure, Outcome } from '../../../contract/index.ts';
import { nearest } from '../../../core/nearest.ts';
import { Limiter } from '../back-off.ts';
import type { ReadOnlyTransport } from '../transport.ts';

/** What a cluster serves, custom resources included. https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */

export interface Discovered {
  readonly kinds: readonly ApiKind[];
  /** Groups that did not answer: an aggregated API that is down must not hide the rest. */
  readonly incomplete: readonly { readonly what: string; readonly because: string }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
const GOOD_MS = 300_000;
const GROUPS_AT_ONCE = 6;

const strings = z
  .array(z.string())
  .nullish()
  .transform((v) => v ?? []);
const AggregatedSchema = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default('') }).default({ name: '' }),
      versions: z.array(
        z.object({
          version: z.string(),
          freshness: z.string().optional(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                responseKind: z.object({ kind: z.string() }).optional(),
                scope: z.string().optional(),
                singularResource: z.string().default(''),
                shortNames: strings,
                categories: strings,
                verbs: strings,
              }),
            )
            .nullish()
            .transform((v) => v ?? []),
        }),
      ),
    }),
  ),
});
const GroupsSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      preferredVersion: z.object({ groupVersion: z.string() }).optional(),
      versions: z.array(z.object({ groupVersion: z.string() })),
    }),
  ),
});
const ResourcesSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().default(''),
      kind: z.string(),
      namespaced: z.boolean(),
      shortNames: strings,
      categories: strings,
      verbs: strings,
    }),
  ),
});

export class Discovery {
  readonly #transport: ReadOnlyTransport;
  #known: { readonly at: number; readonly outcome: Promise<Outcome<Discovered>> } | undefined;

  constructor(transport: ReadOnlyTransport) {
    this.#transport = transport;
  }

  /** Kept for five minutes; a failure is not kept. */
  async all(refresh = false): Promise<Outcome<Discovered>> {
    const known = this.#known;
    if (!refresh && known !== undefined && performance.now() - known.at < GOOD_MS) return known.outcome;
    const fresh = { at: performance.now(), outcome: this.#read() };
    this.#known = fresh;
    const outcome = await fresh.outcome;
    if (!outcome.ok && this.#known === fresh) this.#known = undefined;
    return outcome;
  }

  /** The kind somebody means, as kubectl finds it. What is not found is looked for once more in a fresh answer. */
  async find(word: string): Promise<Outcome<ApiKind>> {
    const first = await this.all();
    if (!first.ok) return first;
    const found = kindNamed(first.value.kinds, word);
    if (found !== undefined) return { ok: true, value: found };
    const again = await this.all(true);
    if (!again.ok) return again;
    const late = kindNamed(again.value.kinds, word);
    return late === undefined ? { ok: false, failure: this.#notServed(word, again.value) } : { ok: true, value: late };
  }

  #notServed(word: string, { kinds, incomplete }: Discovered): Failure {
    const near = nearest(word.toLowerCase(), [...new Set(kinds.map((k) => k.resource))]);
    const gaps = incomplete.length === 0 ? '' : ` ${incomplete.map((g) => g.what).join(', ')} did not answer.`;
    return {
      code: 'not-found',
      message: `Context ${this.#transport.context}: the server has no kind "${word}".${gaps}`,
      hint: near === undefined ? 'Use a kind as kubectl api-resources lists it.' : `Did you mean ${near}?`,
    };
  }

  async #read(): Promise<Outcome<Discovered>> {
    const [core, groups] = await Promise.all(['/api', '/apis'].map((path) => this.#transport.get(path, { accept: AGGREGATED })));
    if (core === undefined || groups === undefined) throw new Error('two questions have two answers');
    if (!core.ok) return core;
    if (!groups.ok) return groups;
    const lists = [AggregatedSchema.safeParse(core.value), AggregatedSchema.safeParse(groups.value)];
    if (lists.every((l) => l.success)) return { ok: true, value: aggregated(lists.map((l) => l.data)) };
    return this.#classic(groups.value);
  }

  /** Servers before aggregated discovery: one question a group. */
  async #classic(answer: unknown): Promise<Outcome<Discovered>> {
    const groups = GroupsSchema.safeParse(answer);
    const preferred = groups.success
      ? groups.data.groups.flatMap((g) => g.preferredVersion?.groupVersion ?? g.versions[0]?.groupVersion ?? [])
      : [];
    const limiter = new Limiter(GROUPS_AT_ONCE);
    const incomplete: Discovered['incomplete'][number][] = [];
    const lists = await Promise.all(
      ['v1', ...preferred].map((apiVersion) =>
        limiter.run(async (): Promise<ApiKind[]> => {
          const path = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
          const list = await this.#transport.get(path);
          const parsed = list.ok ? ResourcesSchema.safeParse(list.value) : undefined;
          if (parsed?.success !== true) {
            incomplete.push({ what: `API ${apiVersion}`, because: list.ok ? 'it answers with something else' : list.failure.message });
            return [];
          }
          return parsed.data.resources
            .filter((r) => !r.name.includes('/'))
            .map(({ name, singularName, ...rest }) => ({
              apiVersion,
              resource: name,
              singular: singularName || rest.kind.toLowerCase(),
              ...rest,
            }));
        }),
      ),
    );
    return { ok: true, value: { kinds: lists.flat(), incomplete } };
  }
}

function aggregated(lists: readonly z.output<typeof AggregatedSchema>[]): Discovered {
  const kinds: ApiKind[] = [];
  const incomplete: Discovered['incomplete'][number][] = [];
  for (const { metadata, versions } of lists.flatMap((l) => l.items)) {
    const seen = new Set<string>();
    // In the server's order of preference: the first version that serves a resource is the one to use.
    for (const { version, freshness, resources } of versions) {
      const apiVersion = metadata.name === '' ? version : `${metadata.name}/${version}`;
      if (freshness === 'Stale') incomplete.push({ what: `API ${apiVersion}`, because: 'the server behind it does not answer' });
      for (const r of resources) {
        if (seen.has(r.resource) || r.responseKind === undefined) continue;
        seen.add(r.resource);
        const { kind } = r.responseKind;
        kinds.push({
          apiVersion,
          kind,
          resource: r.resource,
          singular: r.singularResource || kind.toLowerCase(),
          shortNames: r.shortNames,
          categories: r.categories,
          namespaced: r.scope === 'Namespaced',
          verbs: r.verbs,
        });
      }
    }
  }
  return { kinds, incomplete };
}

/** `deploy`, `deployments`, `Deployment`, `deployments.apps`, `deployments.v1.apps`, in that order of precision. */
export function kindNamed(kinds: readonly ApiKind[], word: string): ApiKind | undefined {
  const plain = word.toLowerCase();
  const groupOf = (k: ApiKind): string => (k.apiVersion.includes('/') ? (k.apiVersion.split('/')[0] ?? '') : '');
  const versionOf = (k: ApiKind): string => k.apiVersion.split('/').at(-1) ?? '';
  const names = (k: ApiKind): string[] => [k.resource, k.singular, k.kind.toLowerCase(), ...k.shortNames];
  const dot = plain.indexOf('.');
  const listable = kinds.filter((k) => k.verbs.includes('list') || k.verbs.includes('get'));
  const exact = listable.find((k) => names(k).includes(plain));
  if (exact !== undefined || dot === -1) return exact;
  const [name, rest] = [plain.slice(0, dot), plain.slice(dot + 1)];
  const candidates = listable.filter((k) => names(k).includes(name));
  return (
    candidates.find((k) => groupOf(k) === rest || `${versionOf(k)}.${groupOf(k)}` === rest) ??
    candidates.find((k) => groupOf(k).startsWith(`${rest}.`))
  );
}
