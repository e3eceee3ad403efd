import type { RawObject } from '../conditions.ts';
import type { Dice } from './dice.ts';

/**
 * Other names for everything a case named: objects, containers, volumes, keys, label values and label keys. Letters are exchanged for
 * others throughout, vowels for vowels, so what differed by two swapped letters does so still, and what was the same is the same.
 */
export interface Renaming {
  /** Old to new, as whole words. */
  readonly words: ReadonlyMap<string, string>;
  text(text: string): string;
  object<T>(object: T): T;
}

/** Names that others rely on too: the cluster has them, or the program does. */
const KEPT = new Set(
  (
    'default http https tcp udp serve dns db kube-system kube-public view edit admin cluster-admin standard localhost cpu memory storage PATH HOME PORT ' +
    'LATENCY ERROR_RATE LEAK_MIB USE_MIB POOL LOG_LINE LOG_EVERY LOG_TIMES CRASH_AFTER CRASH_MESSAGE EXIT_CODE START_DELAY READY_PATH ' +
    'HEALTH_PATH READY_AFTER REQUIRE_ENV DEPENDS_ON'
  ).split(' '),
);
/** Fields whose strings no case chose, or that mean something to the program or to Kubernetes. */
const FIXED = new Set(
  (
    'apiVersion kind image imagePullPolicy type protocol schedule operator effect restartPolicy verbs resources apiGroups apiGroup ' +
    'policyTypes pathType cpu memory storage caBundle clusterIP accessModes terminationMessagePolicy level plural singular listKind scope sysctls versions'
  ).split(' '),
);
/** Fields that refer to something by name, also where it does not exist. */
const REFERS = new Set('name key claimName secretName configMapName serviceAccountName serviceName app'.split(' '));
const WORD = /[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?/g;
const CLUSTER_WIDE = /qd-case-\d+/g;

export function renaming(objects: readonly RawObject[], dice: Dice): Renaming {
  // What a certificate was made out to cannot be renamed.
  const signed = objects.some((o) => /caBundle|kubernetes\.io\/tls|BEGIN CERTIFICATE/.test(JSON.stringify(o)));
  const declared = signed ? new Set<string>() : chosen(objects);
  const near = [...wordsOf(objects)].filter((w) => !declared.has(w) && !KEPT.has(w) && [...declared].some((d) => nearly(w, d)));
  const exchange = exchangeOf(dice);
  const mark = dice.throw(36 ** 4).toString(36);
  const words = new Map<string, string>();
  for (const word of [...declared, ...near]) words.set(word, keepsItsEnd(word, exchange));
  const labelKey = signed ? 'app' : dice.pick(['app', ...LABEL_KEYS]);
  const text = (value: string) =>
    value.replaceAll(CLUSTER_WIDE, (found) => `${found}${mark}`).replaceAll(WORD, (word) => replaced(word, words));
  const keyed = (key: string) => (key === 'app' ? labelKey : replaced(key, words));
  const walk = (value: unknown, field: string, labels: boolean): unknown => {
    if (typeof value === 'string') return FIXED.has(field) && !labels ? value.replaceAll(CLUSTER_WIDE, (f) => `${f}${mark}`) : text(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, field, labels));
    if (typeof value !== 'object' || value === null) return value;
    const isLabels = LABEL_MAPS.has(field) && Object.values(value).every((v) => typeof v === 'string');
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        isLabels ? keyed(key) : DATA_MAPS.has(field) ? replaced(key, words) : key,
        walk(inner, key, isLabels),
      ]),
    );
  };
  return {
    words,
    // `app` as the key of a label, before it is taken for the name of a container.
    text: (value) =>
      value
        .split(/((?<=matchLabels\.|selector\.)app\b|\bapp(?==))/)
        .map((part, i) => (i % 2 === 1 ? labelKey : text(part)))
        .join(''),
    object: (object) => walk(object, '', false) as typeof object,
  };
}

/** Words that no field of Kubernetes and no case has, so that they can be told from those. */
const LABEL_KEYS = ['workload', 'belongs-to', 'app-id'];
export const LABEL_KEY = new RegExp(`"(?:${LABEL_KEYS.join('|')})":`, 'g');
const LABEL_MAPS = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector']);
const DATA_MAPS = new Set(['data', 'stringData', 'binaryData']);

/** The whole word; the pod of a StatefulSet (`queue-0`); or the words a host (`db.shop`) or `name.suffix` is made of. */
function replaced(word: string, words: ReadonlyMap<string, string>): string {
  const whole = words.get(word);
  if (whole !== undefined) return whole;
  if (word.includes('.'))
    return word
      .split('.')
      .map((part) => replaced(part, words))
      .join('.');
  const [, base, ordinal] = /^(.+)(-\d+)$/.exec(word) ?? [];
  const renamed = words.get(base ?? '');
  return renamed === undefined ? word : `${renamed}${ordinal ?? ''}`;
}

/** What the case declares by a name. */
function chosen(objects: readonly RawObject[]): Set<string> {
  const names = new Set<string>();
  const add = (value: unknown) => {
    if (typeof value === 'string' && /^[A-Za-z0-9]/.test(value) && !KEPT.has(value) && !/[/:$*]|qd-case|^\d+$/.test(value))
      names.add(value);
  };
  const walk = (value: unknown, field: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, field);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        if (FIXED.has(key)) continue;
        if (DATA_MAPS.has(field)) add(key);
        // A role's name in roleRef may be the cluster's own.
        if (REFERS.has(key) && field !== 'roleRef') add(inner);
        walk(inner, key);
      }
  };
  for (const object of objects) walk(object, '');
  return names;
}

function wordsOf(objects: readonly RawObject[]): Set<string> {
  return new Set(JSON.stringify(objects).match(WORD) ?? []);
}

/** One letter more, less, other, or two swapped; of words long enough to be a slip. */
function nearly(a: string, b: string): boolean {
  if (a.length < 5 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const swapped =
    restA.length === restB.length &&
    restA.length > 1 &&
    restA[0] === restB[1] &&
    restA[1] === restB[0] &&
    restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1);
}

function exchangeOf(dice: Dice): (text: string) => string {
  const map = new Map<string, string>();
  for (const group of ['aeiou', 'bcdfghjklmnpqrstvwxyz']) {
    const other = dice.shuffled([...group]);
    [...group].forEach((letter, i) => {
      map.set(letter, other[i] ?? letter);
      map.set(letter.toUpperCase(), (other[i] ?? letter).toUpperCase());
    });
  }
  return (text) => [...text].map((c) => map.get(c) ?? c).join('');
}

/** `DATABASE_URL` says by its end what it holds, `logo.svg` and `v1.example.org` what they are: that stays. */
function keepsItsEnd(word: string, exchange: (text: string) => string): string {
  const cut = Math.max(word.lastIndexOf('_'), word.indexOf('.'));
  return cut <= 0 ? exchange(word) : exchange(word.slice(0, cut)) + word.slice(cut);
}
