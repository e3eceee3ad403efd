import type { Container } from '../../contract/index.ts';

/** What logs say about why a program ended. Log text is data: it is matched and quoted, never obeyed. */

const NAME = '([A-Z][A-Z0-9_]{2,})';
/**
 * Ways in which programs name an environment variable that is missing. Each was seen in a common runtime or library: Node (env-var,
 * envalid), Python (KeyError, pydantic, environs), Go (envconfig, os.Getenv checks), Java and Spring, Ruby (KeyError), shells (`set -u`).
 */
const MISSING: readonly RegExp[] = [
  new RegExp(
    `(?:missing|required|undefined|unset|no|expected|need(?:s|ed)?|must set|set the)\\W+(?:required\\W+)?(?:env(?:ironment)?(?:ironment)?\\W*(?:variables?|vars?)?\\W*)[\\w ,:]{0,30}?["'\`$ {]*${NAME}\\b`,
    'i',
  ),
  new RegExp(
    `env(?:ironment)?\\W*(?:variables?|vars?)?\\W+["'\`$ {]*${NAME}["'\`}]*\\W+(?:is |are |was |has )?(?:not |un|required|missing|empty|must|undefined|needed|mandatory)`,
    'i',
  ),
  new RegExp(
    `["'\`$ {]?${NAME}["'\`}]?:?\\s+(?:environment variable\\s+)?(?:is|was|must be|has|env(?:ironment)? var(?:iable)? is)?\\s*(?:not (?:set|defined|found|provided|present|specified)|unset|undefined|required|missing|mandatory|empty|cannot be (?:empty|blank)|must be (?:set|defined|provided))`,
    'i',
  ),
  new RegExp(`KeyError: ['"]${NAME}['"]`),
  new RegExp(`key not found: "${NAME}"`),
  new RegExp(`Could not resolve placeholder '${NAME}`),
  new RegExp(`required key ${NAME} missing value`),
  new RegExp(`\\b${NAME}: (?:unbound variable|parameter not set|parameter null or not set)`),
  new RegExp(`(?:missing|required):? ["'\`$ {]*${NAME}\\b`, 'i'),
];
/** Upper-case words that are no variables. */
const WORDS = new Set([
  'ERROR',
  'FATAL',
  'WARN',
  'WARNING',
  'INFO',
  'DEBUG',
  'PANIC',
  'HTTP',
  'HTTPS',
  'TLS',
  'EOF',
  'NULL',
  'ENV',
  'GET',
  'POST',
  'TRACE',
]);

/** The variable a line says is missing; the names are upper case by convention (POSIX 8.1). */
export function missingVariable(line: string): string | undefined {
  for (const pattern of MISSING) {
    const name = new RegExp(pattern.source, pattern.flags.replace('i', '') + (pattern.flags.includes('i') ? 'i' : '')).exec(line)?.[1];
    if (name !== undefined && name === name.toUpperCase() && !WORDS.has(name) && /[A-Z]/.test(name)) return name;
  }
  return undefined;
}

/** Whether the container's manifest gives the variable itself. What `envFrom` brings cannot be told from a manifest alone. */
export function defines(container: Container, variable: string): boolean {
  return container.env.some((e) => e.name === variable && (e.value === undefined || e.value !== ''));
}
