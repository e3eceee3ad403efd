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

/** Whether a word stands in any question. */
export const saysNothing = (word: string): boolean => EMPTY_WORDS.has(word.toLowerCase());

/** What people in the field call the same thing, first what Kubernetes calls it. Each row is read in all directions. */
const SAME: readonly (readonly string[])[] = [
  ['OOMKilled', 'oom', 'out of memory', '137', 'memory limit'],
  [
    'CrashLoopBackOff',
    'crash loop',
    'crash loops',
    'crashlooping',
    'keeps restarting',
    'restarts again and again',
    'keeps dying',
    'keeps crashing',
  ],
  ['ImagePullBackOff', 'errimagepull', 'image pull', 'cannot pull', 'pull the image', 'download the image', 'downloading the image'],
  ['ConfigMap', 'cm', 'config map', 'settings', 'configuration'],
  ['secret', 'credentials', 'password', 'passwords'],
  ['service', 'svc'],
  ['deployment', 'deploy'],
  ['StatefulSet', 'sts', 'stateful set', 'stateful'],
  ['DaemonSet', 'ds', 'daemon set', 'node agent'],
  ['ReplicaSet', 'rs', 'replica set'],
  ['replicas', 'copies', 'instances', 'members'],
  ['namespace', 'ns', 'project', 'tenant'],
  ['node', 'machine', 'machines', 'vm'],
  ['job', 'task', 'batch'],
  ['CronJob', 'cron', 'schedule', 'scheduled task', 'nightly', 'every night', 'scheduled job', 'scheduled'],
  ['PersistentVolumeClaim', 'pvc', 'volume claim', 'claim', 'volume request'],
  ['PersistentVolume', 'pv'],
  ['volume', 'disk', 'storage'],
  ['StorageClass', 'sc', 'storage class', 'dynamic provisioning', 'provisioner'],
  ['HorizontalPodAutoscaler', 'hpa', 'autoscaler', 'autoscaling', 'autoscale', 'scale automatically'],
  ['PodDisruptionBudget', 'pdb', 'disruption budget'],
  ['NetworkPolicy', 'netpol', 'network policy', 'firewall'],
  ['ServiceAccount', 'sa', 'service account'],
  ['certificate', 'cert', 'certs', 'tls', 'https', 'x509'],
  ['forbidden', 'rbac', '403', 'permission', 'permissions', 'may not', 'not allowed', 'rights'],
  ['unauthorized', '401', 'unauthenticated'],
  ['kubernetes', 'k8s'],
  ['sigterm', '143', 'graceful shutdown', 'shut down', 'shutdown'],
  ['evicted', 'eviction', 'evict', 'thrown out', 'throws out', 'kicked out', 'pushed out'],
  ['pending', 'unschedulable', 'failedscheduling', 'cannot be scheduled', 'cannot be placed', 'not scheduled', 'finds no node'],
  ['dns', 'resolve', 'name resolution', 'nslookup', 'lookup', 'lookups', 'nxdomain', 'no such host', 'name server'],
  ['environment variable', 'env'],
  ['cpu', 'processor'],
  ['hangs', 'hang', 'stuck', 'never finishes', 'does not finish', 'never ends', 'never goes away'],
  ['endpoints', 'endpoint', 'backend', 'backends'],
  ['CustomResourceDefinition', 'crd', 'custom resource', 'custom object', 'custom objects'],
  ['ready', 'readiness', 'unready', 'not ready'],
  ['probe', 'health check', 'healthcheck', 'health endpoint', 'liveness check', 'readiness check', 'liveness checks'],
  ['liveness', 'livenessprobe'],
  ['throttled', 'throttling'],
  ['ephemeral storage', 'ephemeral-storage', 'scratch space', 'temp files', 'temporary files', 'temp file'],
  ['full', 'no space left', 'ran out of space', 'used up'],
  ['502', '503', '504', 'bad gateway', 'service unavailable'],
  ['sidecar', 'sidecars'],
  ['drain', 'draining', 'maintenance'],
  ['taint', 'taints', 'toleration', 'tolerations', 'tolerate', 'reserved'],
  ['runAsUser', 'user id', 'uid'],
  ['root', 'runasnonroot'],
  ['revision', 'version', 'release'],
  ['undo', 'roll back', 'rollback', 'go back', 'went back', 'revert'],
  ['rollout', 'rolled out', 'roll out', 'rolling update', 'deploying'],
  ['program', 'app', 'application', 'process'],
  ['start', 'boot', 'startup', 'launch', 'come up', 'comes up'],
  ['ends', 'killed', 'kill', 'kills', 'dies', 'die', 'crashes', 'crash', 'terminated'],
  ['priority', 'importance', 'important'],
  ['immutable', 'forbid edits', 'forbid changes'],
  ['registry', 'repository', 'image repository'],
  ['ingress', 'website', 'web site'],
  ['deadline', 'time limit', 'cut off', 'fixed time', 'timed out', 'time out'],
  ['paused', 'pause', 'on hold'],
  ['suspended', 'suspend', 'switched off', 'turned off'],
  ['deleted', 'delete', 'removed', 'remove', 'clean up'],
  ['expand', 'expansion', 'enlarge', 'made larger', 'grow', 'bigger', 'larger'],
  ['retain', 'retained', 'is kept', 'are kept', 'data kept'],
  ['scaledown', 'scale down', 'scale in', 'scaling in', 'scaling down'],
  ['near', 'beside', 'next to', 'close to'],
  ['lost', 'gone', 'dropped out', 'disappeared', 'vanished'],
  ['listens', 'listen', 'listening', 'answers'],
  ['exec format error', 'architecture', 'arm64', 'amd64'],
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

const SAME_STEMS: readonly (readonly (readonly string[])[])[] = SAME.map((row) => row.map((name) => stemsOf(name.toLowerCase())));
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

/** Names that are joined of words, taken apart: a model of language reads maxSurge as three odd syllables, and knows what a max surge may be. */
export const inPlainWords = (text: string): string => text.replaceAll(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu}{2})(?=\p{Lu}\p{Ll}{2})/gu, ' ');

/**
 * A question as a model of language is asked it: with what Kubernetes calls the things in it, where people call them otherwise. Such a
 * model has read little of clusters, and takes a machine for a machine.
 */
export function inOwnWords(question: string): string {
  const text = ` ${stemsOf(question).join(' ')} `;
  const names = SAME.filter(
    (row, i) =>
      !text.includes(` ${(SAME_STEMS[i]?.[0] ?? []).join(' ')} `) &&
      row.some((_, w) => text.includes(` ${(SAME_STEMS[i]?.[w] ?? []).join(' ')} `)),
  );
  return names.length === 0
    ? inPlainWords(question)
    : `${inPlainWords(question)} (${names.map(([own = '']) => inPlainWords(own).toLowerCase()).join(', ')})`;
}

/** As full-text search takes it: every word quoted, so that no sign in it is an operator. */
export function matchOf(term: Term): string {
  return term.ways.map((way) => `"${way.join(' ').replaceAll('"', '""')}"${term.prefix ? '*' : ''}`).join(' OR ');
}
