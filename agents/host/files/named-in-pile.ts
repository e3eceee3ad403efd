import { KINDS, type Outcome, type ResourceRef, refOf } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';
import { kindOfWord } from '../objects/kind-words.ts';
import { pickNamed } from '../objects/named-objects.ts';
import type { ObjectPile } from './object-pile.ts';

/** What KIND/NAME means among the objects of files. */
export function refsInPile(pile: ObjectPile, words: string, namespaces: readonly string[]): Outcome<readonly ResourceRef[]> {
  const [word = '', name = ''] = words.split('/');
  const kind = kindOfWord(word);
  if (kind === undefined || name === '') {
    const near = nearest(
      word.toLowerCase(),
      Object.values(KINDS).map((k) => k.resource),
    );
    const hint = near === undefined ? 'Name an object as KIND/NAME, for example deployment/checkout.' : `Did you mean ${near}/${name}?`;
    return { ok: false, failure: { code: 'bad-input', message: `"${words}" names no object that Quarterdeck knows.`, hint } };
  }
  const all = [...pile.objects.values()].filter((o) => o.kind === kind);
  const picked = pickNamed(
    { kind, name, namespaces },
    all.map((object) => ({ name: object.metadata.name, namespace: object.metadata.namespace, object })),
    'What was read',
  );
  return picked.ok ? { ok: true, value: [refOf(picked.value.object)] } : picked;
}
