import { stem } from './stem.ts';

/** What is looked for: words of the question with whatever else says the same. Any one of them will do; each is a row of stems. */
export interface Term {
  readonly ways: readonly (readonly string[])[];
  /** Nothing of it was found as it stands: also words that begin so. */
  readonly prefix: boolean;
  /** 1 for what was asked; less for what is only another name of it. */
  readonly weight: number;
}

/** Words that stand in any question and tell nothing of what it is about. */
const EMPTY_WORDS = new Set(
  (
    'a about after all also am an and any are as at be because been being but by can cannot could did do does doing dont even ever for from ' +
    'get gets getting got had has have having how i if in into is isnt it its just keep keeps like me my need no not of on one only or our ' +
    'out over really s should so some still t than that the their them then there these they thing things this those to too up us use very ' +
    'want was we were what whats when where which while who why will with without wont would you your know see say says tell please help ' +
    'anyone somebody someone something im ive mine here'
  ).split(' '),
);

/** What people in the field call the same thing. Lower case, each row read in all directions. */
const SAME: readonly (readonly string[])[] = [
  ['oom', 'oomkilled', 'out of memory', '137', 'memory limit'],
  [
    'crashloopbackoff',
    'crash loop',
    'crashlooping',
    'crash looping',
    'keeps restarting',
    'restarts again and again',
    'keeps dying',
    'keeps crashing',
  ],
  ['imagepullbackoff', 'errimagepull', 'image pull', 'cannot pull', 'pull the image', 'image cannot be pulled'],
  ['cm', 'configmap', 'config map'],
  ['svc', 'service'],
  ['deploy', 'deployment'],
  ['sts', 'statefulset', 'stateful set'],
  ['ds', 'daemonset', 'daemon set'],
  ['rs', 'replicaset', 'replica set'],
  ['ns', 'namespace'],
  ['pvc', 'persistentvolumeclaim', 'volume claim', 'claim'],
  ['pv', 'persistentvolume'],
  ['sc', 'storageclass', 'storage class'],
  ['hpa', 'horizontalpodautoscaler', 'autoscaler', 'autoscaling', 'scale automatically'],
  ['pdb', 'poddisruptionbudget', 'disruption budget'],
  ['netpol', 'networkpolicy', 'network policy', 'firewall'],
  ['sa', 'serviceaccount', 'service account'],
  ['cert', 'certificate', 'tls', 'https'],
  ['rbac', 'forbidden', '403', 'permission', 'permissions', 'may not', 'not allowed', 'right', 'rights'],
  ['unauthorized', '401', 'unauthenticated'],
  ['k8s', 'kubernetes'],
  ['sigterm', '143', 'terminated gracefully', 'graceful shutdown'],
  ['evicted', 'eviction', 'evict'],
  ['unschedulable', 'failedscheduling', 'cannot be scheduled', 'cannot be placed', 'pending', 'not scheduled', 'finds no node'],
  ['dns', 'resolve', 'name resolution', 'nslookup', 'lookup', 'nxdomain', 'no such host'],
  ['env', 'environment variable', 'variable'],
  ['cpu', 'processor', 'cores'],
  ['hang', 'hangs', 'stuck', 'never finishes', 'does not finish'],
  ['endpoint', 'endpoints', 'backend', 'backends'],
  ['crd', 'customresourcedefinition', 'custom resource'],
  ['readiness', 'ready'],
  ['liveness', 'livenessprobe'],
  ['throttled', 'throttling', 'slow'],
  ['disk', 'ephemeral storage', 'ephemeral-storage', 'scratch space'],
  ['502', '503', '504', 'bad gateway', 'service unavailable'],
  ['sidecar', 'sidecars'],
  ['cron', 'cronjob', 'schedule'],
  ['drain', 'draining', 'node maintenance'],
  ['secret', 'secrets', 'credentials', 'password'],
  ['taint', 'taints', 'toleration', 'tolerations'],
  ['uid', 'user id', 'runasuser'],
  ['root', 'runasnonroot'],
];

/** How much less another name for the same counts than the word that was used. */
const OTHER_NAME = 0.8;
const MAX_TERMS = 24;

const WORD = /[\p{L}\p{N}]+/gu;
const known = new Map<string, string>();
const KNOWN_MOST = 50_000;

function stemOf(word: string): string {
  const found = known.get(word);
  if (found !== undefined) return found;
  if (known.size >= KNOWN_MOST) known.clear();
  const made = stem(word);
  known.set(word, made);
  return made;
}

/**
 * The stems a text is found by, in their order. A name made of several words, maxSurge or CrashLoopBackOff, is there as a whole and in
 * its parts.
 */
export function stemsOf(text: string): string[] {
  const stems: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    const whole = word.toLowerCase();
    stems.push(stemOf(whole));
    if (whole === word || word.length < 4) continue;
    const parts = word.match(/\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{N}]+|\p{Lu}+|\p{N}+/gu) ?? [];
    if (parts.length > 1) for (const part of parts) if (part.length > 1) stems.push(stemOf(part.toLowerCase()));
  }
  return stems;
}

const SAME_STEMS: readonly (readonly (readonly string[])[])[] = SAME.map((row) => row.map((name) => stemsOf(name)));
const rowsByFirst = new Map<string, { readonly row: number; readonly way: readonly string[] }[]>();
for (const [row, ways] of SAME_STEMS.entries()) {
  for (const way of ways) rowsByFirst.set(way[0] ?? '', [...(rowsByFirst.get(way[0] ?? '') ?? []), { row, way }]);
}

/** The terms of a question, each once, in its order. A question of nothing but empty words is taken at its word. */
export function termsOf(question: string): Term[] {
  const words = question.replaceAll(/(\p{L})['’](\p{L})/gu, '$1$2').match(WORD) ?? [];
  const telling = words.filter(
    (word) => !EMPTY_WORDS.has(word.toLowerCase()) && !/^(?:cant|doesnt|didnt|wasnt|couldnt|shouldnt|arent|havent|hasnt)$/i.test(word),
  );
  // Phrases are looked for in the whole question: their small words count.
  const all = words.map((word) => stemOf(word.toLowerCase()));
  const inPhrase = new Set<string>();
  const rows = new Set<number>();
  for (const [at, first] of all.entries()) {
    for (const { row, way } of rowsByFirst.get(first) ?? []) {
      if (!way.every((word, i) => all[at + i] === word)) continue;
      rows.add(row);
      for (const word of way) inPhrase.add(word);
    }
  }
  const terms: Term[] = [...rows].map((row) => ({ ways: SAME_STEMS[row] ?? [], prefix: false, weight: 1 }));
  const said = new Set<string>();
  for (const word of telling.length === 0 ? words : telling) {
    const [whole = '', ...parts] = stemsOf(word);
    if (inPhrase.has(whole)) continue;
    for (const [i, name] of [whole, ...parts].entries()) {
      if (said.has(name) || inPhrase.has(name)) continue;
      said.add(name);
      // The parts of a joined name are a second way to it.
      terms.push({ ways: [[name]], prefix: false, weight: i === 0 ? 1 : OTHER_NAME });
    }
  }
  return terms.slice(0, MAX_TERMS);
}

/** As full-text search takes it: every word quoted, so that no sign in it is an operator. */
export function matchOf(term: Term): string {
  return term.ways.map((way) => `"${way.join(' ').replaceAll('"', '""')}"${term.prefix ? '*' : ''}`).join(' OR ');
}
