import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_KINDS, KINDS } from '../../../contract/kinds.ts';
import type { DescribedKind, FieldSchema } from '../../../core/knowledge/kind-pages.ts';

/** What is said of the fields of kinds: the schemas the kinds need, by name, and no others. */
export interface KindSchemas {
  readonly kinds: readonly DescribedKind[];
  readonly schemas: Readonly<Record<string, FieldSchema>>;
}

/** Pod, and what others are made of, first: parts are told once. */
export const KINDS_IN_ORDER = [...ALL_KINDS].sort((a, b) => rank(a) - rank(b));
function rank(kind: string): number {
  const at = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Service', 'Ingress'].indexOf(kind);
  return at === -1 ? 100 : at;
}

/**
 * Reads what the typed client of Kubernetes says of the fields of the kinds in the contract, from its declarations: the same words an API
 * server serves, of the version the client was made for.
 */
export function schemasOfClient(folder: string): KindSchemas {
  const kinds: DescribedKind[] = [];
  const schemas: Record<string, FieldSchema> = {};
  const read = (name: string): boolean => {
    if (schemas[name] !== undefined) return true;
    const file = join(folder, 'dist/gen/models', `${name}.d.ts`);
    if (!existsSync(file)) return false;
    const { schema, refers } = declared(readFileSync(file, 'utf8'));
    schemas[name] = schema;
    for (const other of refers) read(other);
    return true;
  };
  for (const kind of KINDS_IN_ORDER) {
    const { apiVersion } = KINDS[kind];
    const name = `${apiVersion.replace(/^.*\//, '').replace(/^v/, 'V')}${kind}`;
    if (read(name)) kinds.push({ kind, apiVersion, schema: name });
  }
  return { kinds, schemas };
}

const FIELD = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^\s+'([^']+)'(\??): ([^;]+);/gm;

function declared(source: string): { readonly schema: FieldSchema; readonly refers: readonly string[] } {
  const [, about = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare class/.exec(source) ?? [];
  const body = source.slice(source.indexOf('export declare class'), source.indexOf('static readonly discriminator'));
  const properties: Record<string, FieldSchema> = {};
  const required: string[] = [];
  const refers: string[] = [];
  for (const [, comment = '', name = '', optional, type = ''] of body.matchAll(FIELD)) {
    properties[name.replace(/^_/, '')] = { description: words(comment), ...typed(type.trim(), refers) };
    if (optional === '') required.push(name);
  }
  return { schema: { description: words(about), properties, required }, refers };
}

function typed(type: string, refers: string[]): FieldSchema {
  const [, item] = /^Array<(.+)>$/.exec(type) ?? [];
  if (item !== undefined) return { items: typed(item, refers) };
  const [, value] = /\[key: string\]: ([^;}]+)/.exec(type) ?? [];
  if (value !== undefined) return { additionalProperties: typed(value.trim(), refers) };
  if (!/^V\d/.test(type)) return { type: type === 'Date' ? 'time' : type };
  refers.push(type);
  return { $ref: type };
}

const words = (comment: string) =>
  comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll('\\"', '"')
    .replaceAll(/\s+/g, ' ')
    .trim();
