import type { KubeObject } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';

/** A label as nodes carry it. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** The values nodes carry under a key, each once, sorted. */
export function valuesOf(nodes: readonly KubeObject<'Node'>[], key: string): readonly string[] {
  return [...new Set(nodes.flatMap((n) => n.metadata.labels[key] ?? []))].sort();
}

/**
 * The label of a node that somebody who wrote `key=value` probably meant: the same key with a near value, or the same value under a
 * near key. Undefined where nothing is near or two things are.
 */
export function meantLabel({ key, value }: Pair, nodes: readonly KubeObject<'Node'>[]): Pair | undefined {
  const values = valuesOf(nodes, key);
  if (values.length > 0) {
    const near = nearest(value, values);
    return near === undefined ? undefined : { key, value: near };
  }
  const keys = [...new Set(nodes.flatMap((n) => Object.keys(n.metadata.labels).filter((k) => n.metadata.labels[k] === value)))];
  const near = nearest(key, keys) ?? nearWithoutPrefix(key, keys);
  return near === undefined ? undefined : { key: near, value };
}

/** `hostname` for `kubernetes.io/hostname`: the part after the slash is what people remember. */
function nearWithoutPrefix(key: string, keys: readonly string[]): string | undefined {
  const plain = (k: string) => k.slice(k.indexOf('/') + 1);
  const same = keys.filter((k) => plain(k) === plain(key));
  return same.length === 1 ? same[0] : undefined;
}

/** What nodes carry instead, in words for the end of a sentence. */
export function insteadWords({ key }: Pair, meant: Pair | undefined, nodes: readonly KubeObject<'Node'>[]): string {
  if (meant !== undefined) return `nodes have ${meant.key}=${meant.value}`;
  const values = valuesOf(nodes, key);
  return values.length === 0 ? `no node has the label ${key} at all` : `nodes have ${values.map((v) => `${key}=${v}`).join(', ')}`;
}
