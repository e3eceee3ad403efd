import { matchesRequirement } from '../../../core/selectors.ts';
import type { RawObject } from './objects.ts';

/** `app in (a, b),tier!=db,!old` as requirements (apimachinery labels.Parse). */
function requirements(text: string) {
  // A comma inside brackets belongs to a list of values.
  const parts = text.split(/,(?![^(]*\))/).map((p) => p.trim());
  return parts
    .filter((p) => p !== '')
    .map((part) => {
      const [, list, word, values] = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part) ?? [];
      if (list !== undefined)
        return { key: list, operator: word === 'in' ? 'In' : 'NotIn', values: (values ?? '').split(',').map((v) => v.trim()) };
      const [, key, sign, value] = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(part) ?? [];
      if (key !== undefined) return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value ?? ''] };
      return part.startsWith('!')
        ? { key: part.slice(1), operator: 'DoesNotExist', values: [] }
        : { key: part, operator: 'Exists', values: [] };
    });
}

function matchesField(object: RawObject, text: string): boolean {
  const [, path = '', sign = '=', wanted = ''] = /^([^=!]+)(!=|==?)(.*)$/.exec(text) ?? [];
  const found = path.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], object);
  return (String(found ?? '') === wanted) === (sign !== '!=');
}

/** `labelSelector` in every form, `fieldSelector` over any scalar field (a real server knows a few of them only). */
export function matchesQuery(object: RawObject, query: URLSearchParams): boolean {
  const labels = object.metadata.labels ?? {};
  const fields = (query.get('fieldSelector') ?? '').split(',').filter((f) => f !== '');
  return (
    requirements(query.get('labelSelector') ?? '').every((r) => matchesRequirement(r, labels)) &&
    fields.every((f) => matchesField(object, f))
  );
}
