/**
 * The one choke point before anything of a cluster reaches a log file, a model or an export: what looks like a credential is masked,
 * the rest stays verbatim. Idempotent; never throws.
 */
const MASK = '[masked]';
const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, MASK],
  [/\b(Bearer|Basic)\s+(?!\[masked\])[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):(?!\[masked\])[^\s@/]+@/gi, `$1:${MASK}@`],
  [/\bAKIA[0-9A-Z]{16}\b/g, MASK],
  [
    /((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential)[\w-]*["']?\s*[=:]\s*["']?)(?!\[masked\])[^\s"',;&}{]{3,}/gi,
    `$1${MASK}`,
  ],
];

export function redact(text: string): string {
  return RULES.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), text);
}

/** The object with the values of a Secret replaced by their size and a short name, so that a changed one is seen as changed. */
export function maskSecret(object: unknown, name: (value: string) => string): unknown {
  if (typeof object !== 'object' || object === null || (object as { kind?: unknown }).kind !== 'Secret') return object;
  const mask = (data: unknown) =>
    typeof data === 'object' && data !== null
      ? Object.fromEntries(Object.entries(data).map(([key, v]) => [key, `[masked, ${String(v).length} characters, ${name(String(v))}]`]))
      : data;
  const { data, stringData, ...rest } = object as Record<string, unknown>;
  return {
    ...rest,
    ...(data === undefined ? {} : { data: mask(data) }),
    ...(stringData === undefined ? {} : { stringData: mask(stringData) }),
  };
}
