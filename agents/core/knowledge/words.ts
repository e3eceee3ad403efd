/** What is looked for: a word of the question with whatever else says the same. Any one of them will do. */
export type Term = readonly string[];

/** Words that stand in any question and tell nothing of what it is about. */
const EMPTY_WORDS = new Set(
  (
    'a about after all also am an and any are as at be because been but by can cannot could did do does doing for from get gets had has have ' +
    'how i if in into is it its just me my no not of on or our s should so t that the their them then there they this to up us was we were ' +
    'what when where which who why will with would you your'
  ).split(' '),
);

/** What people in the field call the same thing. Lower case; each row is read in all directions. */
const SAME: readonly Term[] = [
  ['oom', 'oomkilled', 'out of memory', '137'],
  ['crashloopbackoff', 'crash loop', 'crashlooping', 'keeps restarting'],
  ['imagepullbackoff', 'errimagepull', 'image pull', 'cannot pull'],
  ['cm', 'configmap'],
  ['svc', 'service'],
  ['deploy', 'deployment'],
  ['ns', 'namespace'],
  ['pvc', 'persistentvolumeclaim', 'volume claim'],
  ['pv', 'persistentvolume'],
  ['hpa', 'horizontalpodautoscaler', 'autoscaler'],
  ['pdb', 'poddisruptionbudget', 'disruption budget'],
  ['netpol', 'networkpolicy', 'network policy'],
  ['sa', 'serviceaccount', 'service account'],
  ['cert', 'certificate', 'tls'],
  ['rbac', 'forbidden', '403'],
  ['unauthorized', '401'],
  ['k8s', 'kubernetes'],
  ['sigterm', '143'],
  ['evicted', 'eviction'],
  ['unschedulable', 'failedscheduling', 'cannot be scheduled'],
];

const MAX_TERMS = 24;

/** The terms of a question, each once, in its order. A question of nothing but empty words is taken at its word. */
export function termsOf(question: string): Term[] {
  const text = question.toLowerCase();
  const all = [...new Set(text.match(/[\p{L}\p{N}]+(?:[._\-/:'][\p{L}\p{N}]+)*/gu) ?? [])];
  const telling = all.filter((word) => !EMPTY_WORDS.has(word.replace(/'.*/, '')));
  const words = telling.length === 0 ? all : telling;
  const phrases = SAME.flat().filter((name) => name.includes(' ') && text.includes(name));
  const inPhrase = new Set(phrases.flatMap((phrase) => phrase.split(' ')));
  const names = [...phrases, ...words.filter((word) => !inPhrase.has(word))];
  const terms = names.map((name) => SAME.find((row) => row.includes(name)) ?? [name]);
  return [...new Set(terms)].slice(0, MAX_TERMS);
}

/** As full-text search takes it: every name quoted, so that no sign in it is an operator. `prefix`: also words that begin so. */
export function matchOf(term: Term, prefix = false): string {
  return term.map((name) => `"${name.replaceAll('"', '""')}"${prefix ? '*' : ''}`).join(' OR ');
}
