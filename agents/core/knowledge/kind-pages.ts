import type { WrittenPage } from './check-pages.ts';

/** The part of a schema in a cluster's OpenAPI document that a reference is written from. */
export interface FieldSchema {
  readonly description?: string | undefined;
  readonly type?: string | undefined;
  readonly $ref?: string | undefined;
  readonly allOf?: readonly FieldSchema[] | undefined;
  readonly items?: FieldSchema | undefined;
  readonly additionalProperties?: FieldSchema | boolean | undefined;
  readonly properties?: Readonly<Record<string, FieldSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
}

/** Schemas by the name they are referred to by. */
export type Schemas = ReadonlyMap<string, FieldSchema>;

export interface DescribedKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** Of its schema. */
  readonly schema: string;
}

/** From here on a description is a passage of its own. */
const LONG = 160;
/** Deeper there are only expressions of schemas that contain themselves. */
const DEEPEST = 9;

/**
 * The reference of fields of these kinds, a page a kind. A part that several kinds have, such as the pod of a workload, is written once,
 * on the page of the first of them, and named on the others.
 */
export function kindPages(kinds: readonly DescribedKind[], schemas: Schemas): WrittenPage[] {
  const written = new Map<string, string>();
  return kinds.flatMap(({ kind, apiVersion, schema }) => {
    const top = schemas.get(schema);
    if (top === undefined) return [];
    const out = [`# ${kind} (${apiVersion})`, oneLine(top.description ?? '')];
    const walk = (at: FieldSchema, path: string, depth: number) => {
      const short: string[] = [];
      const long: string[] = [];
      const below: (() => void)[] = [];
      for (const [name, field] of Object.entries(at.properties ?? {})) {
        if (NOT_OURS.has(name) && depth === 0) continue;
        const { ref, many, type } = shapeOf(field);
        const inner = ref === undefined ? undefined : schemas.get(ref);
        const here = `${path === '' ? '' : `${path}.`}${name}${many}`;
        const about = oneLine(field.description ?? '');
        const where = ref === undefined ? undefined : written.get(ref);
        const must = at.required?.includes(name) === true ? ', required' : '';
        const allowed = field.enum === undefined || field.enum.length > 12 ? '' : ` One of ${field.enum.map(String).join(', ')}.`;
        const line = `\`${name}\` (${type}${must}): ${about}${allowed}${where === undefined ? '' : ` Its fields: ${where}.`}`;
        if (about.length < LONG) short.push(`- ${line}`);
        else long.push(`### ${here}`, line);
        if (inner?.properties === undefined || ref === undefined || where !== undefined || depth >= DEEPEST) continue;
        written.set(ref, `${kind} ${here}`);
        below.push(() => walk(inner, here, depth + 1));
      }
      if (short.length + long.length > 0) {
        out.push(`## ${kind} ${path === '' ? 'at the top' : path}`);
        const about = path === '' ? '' : oneLine(at.description ?? '');
        out.push(...(about === '' ? [] : [about]), ...short, ...long);
      }
      for (const go of below) go();
    };
    walk(top, '', 0);
    return [{ path: `${kind}.md`, text: `${out.filter((line) => line !== '').join('\n\n')}\n` }];
  });
}

/** The same for all kinds, and told by the app in other words. */
const NOT_OURS = new Set(['apiVersion', 'kind', 'metadata']);

function shapeOf(field: FieldSchema): { readonly ref: string | undefined; readonly many: string; readonly type: string } {
  const [only] = field.allOf ?? [];
  const ref = field.$ref ?? only?.$ref;
  if (ref !== undefined) return { ref: refName(ref), many: '', type: 'object' };
  if (field.items !== undefined) {
    const item = shapeOf(field.items);
    return { ref: item.ref, many: `[]${item.many}`, type: `list of ${item.type === 'object' ? 'objects' : `${item.type}s`}` };
  }
  if (typeof field.additionalProperties === 'object') {
    const value = shapeOf(field.additionalProperties);
    return { ref: value.ref, many: `.*${value.many}`, type: `map of ${value.type}s by name` };
  }
  return { ref: undefined, many: '', type: field.type ?? 'value' };
}

const refName = (ref: string) => ref.replace(/^.*\//, '');

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
