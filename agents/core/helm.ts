import type { ResourceRef } from '../contract/index.ts';
import { redact } from './redact.ts';

/** What may be told of a Helm release: everything but what it was told. Pure. */

/** Shorter values are words of any sentence. */
const SHORTEST_VALUE = 4;
const MOST_VALUES = 2_000;

type Values = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of what was set, and every text among it. */
export function valuesOf(config: unknown): { readonly paths: readonly string[]; readonly texts: readonly string[] } {
  const paths: string[] = [];
  const texts: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (paths.length >= MOST_VALUES) return;
    if (isMap(value) && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    else if (path !== '') {
      paths.push(path);
      for (const text of [value].flat(4)) if (typeof text === 'string' || typeof text === 'number') texts.push(String(text));
    }
  };
  walk(config, '');
  return { paths, texts };
}

/** A text of the chart without the values that were given to it, wherever they stand in it, and without credentials. */
export function withoutValues(text: string, texts: readonly string[]): string {
  const longest = [...new Set(texts)].filter((t) => t.length >= SHORTEST_VALUE).sort((a, b) => b.length - a.length);
  return redact(longest.reduce((t, value) => t.replaceAll(value, '[value]'), text));
}

/** What a manifest makes, in its order. Each document says itself what it is at the beginning of its lines; what does not is left out. */
export function objectsOf(manifest: string, namespace: string): readonly ResourceRef[] {
  return manifest.split(/^---.*$/m).flatMap((document) => {
    const apiVersion = scalar(/^apiVersion:[^\S\n]*(.+)$/m.exec(document)?.[1]);
    const kind = scalar(/^kind:[^\S\n]*(.+)$/m.exec(document)?.[1]);
    const metadata = /^metadata:[^\S\n]*\n((?:[^\S\n]+.*\n?|\n)*)/m.exec(document)?.[1] ?? '';
    const indent = /^[^\S\n]+/.exec(metadata)?.[0] ?? '  ';
    const at = (key: string) => scalar(new RegExp(`^${indent}${key}:[^\\S\\n]*(.+)$`, 'm').exec(metadata)?.[1]);
    const name = at('name');
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    const own = at('namespace');
    return [{ apiVersion, kind, ...(own === undefined && CLUSTER_WIDE.test(kind) ? {} : { namespace: own ?? namespace }), name }];
  });
}

/** Kinds that are in no namespace, as far as charts have them. */
const CLUSTER_WIDE =
  /^(?:Cluster.*|CustomResourceDefinition|Namespace|Node|PersistentVolume|StorageClass|PriorityClass|IngressClass|GatewayClass|RuntimeClass|APIService|CSIDriver|(?:Validating|Mutating)(?:WebhookConfiguration|AdmissionPolicy|AdmissionPolicyBinding))$/;

/** A plain word, or one in quotes, without a comment behind it. */
function scalar(text: string | undefined): string | undefined {
  const trimmed = text?.replace(/\s+#.*$/, '').trim();
  const bare = /^(["'])(.*)\1$/.exec(trimmed ?? '')?.[2] ?? trimmed;
  return bare === '' ? undefined : bare;
}
