/**
 * The one choke point before anything of a cluster reaches a log file, a model or an export: what looks like a credential is masked,
 * the rest stays verbatim, so that names, numbers and messages can still be read. Idempotent; never throws; linear in the text.
 */
const MASK = '[masked]';

type Rule = readonly [pattern: RegExp, replacement: string | ((...groups: string[]) => string)];

/** Ends a value without quotes: white space, a quote, `&`, or punctuation after which another pair or the end follows. */
const VALUE = String.raw`(?:(?![,;](?:\s|$|[\w.-]+[=:])|[)}\]]+(?:[\s,;.]|$))[^\s"'&\\])`;
const KEY = String.raw`(?:[\w.-]{0,40}(?:password|passwd|passphrase|secret|token|credential|(?:api|access|private|account|signing|encryption|master|license|client|ssh)[-_]?key)|(?:[\w.-]{0,40}[_.-])?(?:pass|pwd|pw)(?![a-z]))[\w-]{0,40}`;
/** `secretName`, `tokenPath`, `passwordFile`: they say where the secret is, not what it is. */
const POINTS_ELSEWHERE = /(?:names?|refs?|paths?|files?|dirs?|mounts?|seconds|class|type|count|length|limit|version|pullsecrets?)$/i;
/** "token: not found" is a sentence, not a pair. */
const PROSE =
  /^(?:not|no|is|was|are|has|have|found|missing|must|cannot|could|failed|invalid|expired|required|unknown|empty|unset|does|true|false|null|none|nil|undefined|enabled|disabled|yes)$/i;

const pair: Rule = [
  new RegExp(
    String.raw`(?<![\w.-])(${KEY})(\\{0,2}["']?[^\S\n]{0,5}(?:[=:]|=>)[^\S\n]{0,5})(?:(\\?["'])((?:(?!\3)[^\n]){1,4096})(\3)|(?!\[masked\])(${VALUE}{3,4096}))`,
    'gi',
  ),
  (
    all,
    key = '',
    between = '',
    open: string | undefined,
    quoted: string | undefined,
    close: string | undefined,
    bare: string | undefined,
  ) => {
    if (POINTS_ELSEWHERE.test(key)) return all;
    if (quoted !== undefined) return quoted === MASK ? all : `${key}${between}${open ?? ''}${MASK}${close ?? ''}`;
    if (bare === undefined || PROSE.test(bare)) return all;
    if (/^(?:old)?pwd$/i.test(key) && bare.startsWith('/')) return all;
    return `${key}${between}${MASK}`;
  },
];

/** Long runs as of random bytes in base64: they mix both cases and digits, which names, digests in hex and paths do not. */
const looksRandom = (run: string) =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) && run.split('/').length <= 1 + run.length / 12 && !/[a-z]{12}/.test(run);

const RULES: readonly Rule[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g, MASK],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, MASK],
  [
    /\b(Bearer|Basic)([^\S\n]+)([\w.~+/=-]{8,})/gi,
    (all, word = '', space = '', value = '') => (/^[A-Za-z][a-z]{0,19}[.]?$/.test(value) ? all : `${word}${space}${MASK}`),
  ],
  [
    /\b((?:authorization|cookie|set-cookie)["']?[^\S\n]{0,5}[:=][^\S\n]{0,5}["']?)(?!Bearer |Basic |\[masked\])[^\s"'][^\n"']{2,}/gi,
    `$1${MASK}`,
  ],
  [/\b(authorization["']?[^\S\n]{0,5}[:=][^\S\n]{0,5}["']?(?:Bearer|Basic)[^\S\n]+)(?!\[masked\])[^\s"',;&]{3,}/gi, `$1${MASK}`],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"'<>]{0,200}):(?!\[masked\]@)[^\s/"'<>]{1,1000}@/gi, `$1:${MASK}@`],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, MASK],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|npm_\w{30,}|sk-[\w-]{20,})/g, MASK],
  pair,
  [/(?<![\w+/-])[A-Za-z0-9+/_-]{40,}={0,2}/g, (run) => (looksRandom(run) ? MASK : run)],
];

const MOST_ROUNDS = 6;

export function redact(text: string): string {
  // What one rule masks may be what another one waits for; it settles in two or three rounds.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = text;
    text = RULES.reduce((t, [pattern, by]) => (typeof by === 'string' ? t.replace(pattern, by) : t.replace(pattern, by)), before);
    if (text === before) break;
  }
  return text;
}

/** Where kubectl keeps the whole manifest, the values of a Secret included. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A Secret (or a list of objects with Secrets in it) with each value replaced by its length and a name of the caller's choosing, so
 * that a changed one is seen as changed. Anything else comes back as it is.
 */
export function maskSecret(object: unknown, name: (value: string) => string): unknown {
  if (typeof object !== 'object' || object === null) return object;
  const { kind, items } = object as { kind?: unknown; items?: unknown };
  if (Array.isArray(items)) return { ...object, items: items.map((item) => maskSecret(item, name)) };
  if (kind !== 'Secret') return object;
  const word = (value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `[masked, ${text.length} characters, ${name(text)}]`;
  };
  const mask = (data: unknown) =>
    typeof data === 'object' && data !== null ? Object.fromEntries(Object.entries(data).map(([key, v]) => [key, word(v)])) : data;
  const { data, stringData, metadata, ...rest } = object as Record<string, unknown>;
  return {
    ...rest,
    ...(metadata === undefined ? {} : { metadata: withoutManifest(metadata) }),
    ...(data === undefined ? {} : { data: mask(data) }),
    ...(stringData === undefined ? {} : { stringData: mask(stringData) }),
  };
}

function withoutManifest(metadata: unknown): unknown {
  const annotations = (metadata as { annotations?: unknown } | null)?.annotations;
  if (typeof annotations !== 'object' || annotations === null || !(LAST_APPLIED in annotations)) return metadata;
  return { ...(metadata as object), annotations: { ...annotations, [LAST_APPLIED]: MASK } };
}
