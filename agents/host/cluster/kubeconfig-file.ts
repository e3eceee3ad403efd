import { dirname, isAbsolute, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Failure, Outcome } from '../../contract/index.ts';
import { parsePlainYaml } from './plain-yaml.ts';

/** One kubeconfig file by itself. Lenient: only the fields we use; a bad entry is a problem of that entry, not of the file. */

const text = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((v) => (v === null || v === undefined || v === '' ? undefined : String(v)));
const flag = z
  .boolean()
  .nullish()
  .transform((v) => v ?? false);
const name = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const ClusterSchema = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': text,
  'proxy-url': text,
});
const ExecSchema = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string(),
  args: z
    .array(name)
    .nullish()
    .transform((v) => v ?? []),
  env: z
    .array(z.object({ name, value: name }))
    .nullish()
    .transform((v) => v ?? []),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});
const UserSchema = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  exec: ExecSchema.nullish(),
  'auth-provider': z.object({ name: text, config: z.record(z.string(), name).nullish() }).nullish(),
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
});
const ContextSchema = z.object({ cluster: text, user: text, namespace: text });
const FileSchema = z.object({
  'current-context': text,
  clusters: z.array(z.unknown()).nullish(),
  contexts: z.array(z.unknown()).nullish(),
  users: z.array(z.unknown()).nullish(),
});

/** Every entry of the three lists has a name. Made once: schemas cost more to make than to use. */
const RowSchema = z.object({ name });

export type ClusterEntry = z.output<typeof ClusterSchema>;
export type UserEntry = z.output<typeof UserSchema>;
export type ContextEntry = z.output<typeof ContextSchema>;
export type ExecEntry = z.output<typeof ExecSchema>;

export interface KubeconfigFile {
  readonly file: string;
  /** Which of its three lists are there at all, be they empty. */
  readonly lists: number;
  readonly current: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly problems: readonly Failure[];
}

/** Fields that name files; relative ones are meant from the kubeconfig's own folder. */
const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** Whether a text of which nobody said that it is a kubeconfig looks like one, be it a broken one. */
export function looksLikeKubeconfig(source: string): boolean {
  if (source.trimStart().startsWith('{')) return /"(?:contexts|current-context)"\s*:/.test(source) && /"clusters"\s*:/.test(source);
  return (
    /^(?:contexts|current-context)\s*:/m.test(source) || (/^clusters\s*:/m.test(source) && /^(?:users|kind:\s*["']?Config)\b/m.test(source))
  );
}

/** Parses the text of one file. Fails with `kubeconfig-invalid` (line and column); its message holds nothing of the text. */
export function parseKubeconfig(file: string, source: string): Outcome<KubeconfigFile> {
  const invalid = (message: string, hint: string): Outcome<KubeconfigFile> => ({
    ok: false,
    failure: { code: 'kubeconfig-invalid', message: `${file} ${message}`, hint },
  });
  if (source.trim() === '') return invalid('is empty.', 'Write a cluster into it (kubectl config set-cluster …) or name another file.');
  const value = parseText(source);
  if (!value.ok) return invalid(`is not valid YAML: ${value.failure.message}`, 'Correct that line, or have the file written anew.');
  const parsed = FileSchema.safeParse(value.value);
  if (!parsed.success)
    return invalid(
      `is not a kubeconfig: ${parsed.error.issues[0]?.path.join('.') || 'the document'} is not what it should be.`,
      'A kubeconfig is a mapping with the lists clusters, contexts and users.',
    );
  const problems: Failure[] = [];
  const read = <S extends z.ZodType>(list: readonly unknown[] | null | undefined, field: string, schema: S): Map<string, z.output<S>> => {
    const entries = new Map<string, z.output<S>>();
    for (const [index, item] of (list ?? []).entries()) {
      const named = RowSchema.safeParse(item);
      const inner = (item as Record<string, unknown> | null)?.[field];
      const entry = named.success ? schema.safeParse(withPaths(file, inner ?? {})) : undefined;
      const label = named.success ? `${field} "${named.data.name}"` : `${field} number ${index + 1}`;
      if (!named.success || entry?.success !== true) {
        const where = entry?.error?.issues[0]?.path.join('.') ?? 'name';
        problems.push(bad(file, `${label} has no usable ${where}.`, 'Correct that entry; the others of the file are used.'));
        continue;
      }
      const key = named.data.name;
      if (entries.has(key)) problems.push(bad(file, `${label} is there twice; the first one is used.`, 'Remove or rename one of the two.'));
      else entries.set(key, entry.data);
    }
    return entries;
  };
  const clusters = read(parsed.data.clusters, 'cluster', ClusterSchema);
  const contexts = read(parsed.data.contexts, 'context', ContextSchema);
  const users = read(parsed.data.users, 'user', UserSchema);
  const lists = [parsed.data.clusters, parsed.data.contexts, parsed.data.users].filter((l) => l != null).length;
  return { ok: true, value: { file, lists, current: parsed.data['current-context'], clusters, contexts, users, problems } };
}

function bad(file: string, message: string, hint: string): Failure {
  return { code: 'kubeconfig-invalid', message: `${file}: ${message}`, hint };
}

/** The document in a text, as YAML or JSON. A failure's message names the line and holds nothing of the text. */
export function parseText(source: string): Outcome<unknown> {
  if (source.trimStart().startsWith('{')) {
    try {
      return { ok: true, value: JSON.parse(source) };
    } catch {
      // Flow-style YAML looks like JSON; the full parser says where it is wrong.
    }
  }
  const plain = parsePlainYaml(source);
  if (plain !== undefined) return { ok: true, value: plain };
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    // The parser's message may quote the text it met, which may be a key or a token: only its first sentence, without quotations.
    const words = (error.message.split('\n')[0] ?? '').replace(/: .*$/, '').slice(0, 120);
    return { ok: false, failure: { code: 'kubeconfig-invalid', message: `line ${line}, column ${col}: ${words}.` } };
  }
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch {
    return { ok: false, failure: { code: 'kubeconfig-invalid', message: 'line 1, column 1: its aliases cannot be resolved.' } };
  }
}

function withPaths(file: string, entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const record: Record<string, unknown> = { ...entry };
  for (const field of PATHS) {
    const path = record[field];
    if (typeof path === 'string' && path !== '' && !isAbsolute(path)) record[field] = join(dirname(file), path);
  }
  return record;
}
