import type { Json } from '../../contract/index.ts';
import { saysNothing, stemsOf } from '../knowledge/words.ts';

/** The fields of an object that a question asks for by words of its own: "which image", "how old", "who owns it". */

export interface FieldValue {
  /** `spec.template.spec.containers[app].image` */
  readonly path: string;
  readonly value: string;
}

/**
 * What people call a field, and how it is called in the API: names of fields and of labels that teams commonly set
 * (https://kubernetes.io/docs/reference/kubernetes-api/, https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
 */
const CALLED: readonly (readonly [asked: RegExp, fields: string])[] = [
  [/^(?:versions?|tags?|builds?|digests?|releases?)$/, 'image version chart'],
  [/^(?:instances?|copies|pods?|replicas?)$/, 'replicas readyReplicas'],
  [/^(?:ports?|listens?|listening)$/, 'ports port containerPort targetPort nodePort'],
  [/^nodeports?$/, 'nodePort'],
  [/^mins?(?:imum)?$/, 'minReplicas minAvailable'],
  [/^max(?:imum)?$/, 'maxReplicas maxUnavailable'],
  [
    /^(?:owns?|owners?|owned|teams?|contacts?|responsible|maintainers?|maintains?|managed|manages?)$/,
    'owner team contact maintainer managedBy',
  ],
  [/^(?:created|creation|old|age|exists?)$/, 'creationTimestamp'],
  [/^(?:started|uptime)$/, 'startTime startedAt creationTimestamp'],
  [/^(?:environment|variables?|vars?|env)$/, 'env envFrom'],
  [/^(?:ips?|address(?:es)?)$/, 'clusterIP clusterIPs podIP hostIP ip addresses externalIPs loadBalancer'],
  [/^(?:hostnames?|domains?|urls?|hosts?)$/, 'host hosts hostname hostnames'],
  [/^(?:schedules?|scheduled|cron|next)$/, 'schedule timeZone suspend'],
  [/^(?:sizes?|capacity|big|large|storage)$/, 'storage capacity'],
  [/^(?:nodes?|machines?|hosts?|server)$/, 'nodeName nodeSelector'],
  [/^(?:health|healthchecks?|checks?|probes?)$/, 'livenessProbe readinessProbe startupProbe'],
  [/^(?:commands?|arguments?|args|entrypoint)$/, 'command args'],
  [/^(?:account|serviceaccounts?)$/, 'serviceAccountName'],
  [/^(?:secrets?|credentials?)$/, 'secretKeyRef secretRef secretName imagePullSecrets'],
  [/^(?:configmaps?|configuration|config|settings?)$/, 'configMapKeyRef configMapRef configMap env'],
  [/^(?:limits?|limited)$/, 'limits'],
  [/^(?:requests?|requested|reserves?|reserved)$/, 'requests'],
  [/^(?:memory|mem|ram)$/, 'memory'],
  [/^(?:user|uid|root)$/, 'runAsUser runAsNonRoot'],
  [/^(?:classes|class|tier|storageclass|ingressclass|priorityclass)$/, 'storageClassName ingressClassName priorityClassName'],
  [/^(?:volumes?|mounts?|mounted)$/, 'volumes volumeMounts claimName'],
  [/^(?:selects?|selectors?)$/, 'selector'],
  [/^(?:restarts?|restarted)$/, 'restartCount finishedAt'],
  [/^types?$/, 'type'],
  [/^namespaces?$/, 'namespace'],
  [/^(?:architecture|arch|os|kernel)$/, 'architecture kernelVersion osImage'],
  [/^(?:routes?|backends?|paths?)$/, 'path backend service'],
  [/^(?:reachable|expires?|ends?)$/, 'notAfter'],
];

/** Words around a field's name that name none themselves. */
const BESIDE = new Set(
  'how what which who whose where when many much long often does do is are has have run runs running use uses used using set show tell get give set the its value values number count currently now there be been on in under at from since kind belong belongs configured defined have call calls called linked given noted listed said please pls plz thx thanks hey hi exactly current currently again quickly'.split(
    ' ',
  ),
);

/** What the system writes for itself, and nobody asks for. */
const OWN =
  /^(?:apiVersion$|kind$|metadata\.(?:uid|resourceVersion|managedFields|generation|selfLink)|status\.conditions)\b|last-applied-configuration|pod-template-hash/;
const MOST = 10;

interface Leaf extends FieldValue {
  readonly tokens: ReadonlySet<string>;
  /** Of the fields it is in, itself last; of an item of a list also the name that it has. */
  readonly names: readonly string[];
}

/**
 * `words`: the question without the names in it. The best fitting first, at most ten; none where no field is called like anything that
 * was asked. What stands under a field that was asked for belongs to it, unless one is called just so itself: the port of a Service, and
 * not its protocol. What is said twice, as wanted and as it is, is said once.
 */
export function fieldsAsked(object: Json, words: string): readonly FieldValue[] {
  const asked = termsIn(words);
  if (asked.length === 0) return [];
  const scored = leavesOf(object, '', []).map((leaf) => ({ leaf, score: scoreOf(leaf, asked) }));
  const best = Math.max(0, ...scored.map((s) => s.score));
  const fitting = scored.filter(({ score }) => score >= best).map(({ leaf }) => leaf);
  const answered = asked.filter((term) => fitting.some((leaf) => scoreOf(leaf, [term]) > 0)).length;
  // What is asked of a colour of the image is more than the image; of the least and the most there are two.
  if (best < 1 || answered <= asked.length / 2) return [];
  const called = fitting.filter(({ names }) => asked.some((term) => isCalled(names.at(-1) ?? '', term)));
  const said = new Set<string>();
  return (called.length > 0 ? called : fitting)
    .filter(({ path, names, value }) => {
      const key = path.startsWith('status.') ? `${names.at(-1) ?? ''}: ${value}` : path;
      if (said.has(key)) return false;
      said.add(key).add(`${names.at(-1) ?? ''}: ${value}`);
      return true;
    })
    .slice(0, MOST)
    .map(({ path, value }) => ({ path, value }));
}

/** Called so in the API, or by just these words: `image`, and not `imagePullPolicy`. */
const isCalled = (name: string, { fields, stems }: AskedTerm): boolean => {
  const own = stemsOf(name);
  return fields.has(name) || (own.length === stems.length && stems.every((stem) => own.includes(stem)));
};

/** How what was asked is called in the API, where all of it has a name there. */
export function fieldNamesAsked(words: string): readonly string[] {
  const asked = termsIn(words);
  return asked.every(({ fields }) => fields.size > 0) ? [...new Set(asked.flatMap(({ fields }) => [...fields]))] : [];
}

/** Whether any word of it may be the name of a field. */
export const asksForField = (words: string): boolean => termsIn(words).length > 0;

interface AskedTerm {
  /** Names of fields, as they are. */
  readonly fields: ReadonlySet<string>;
  /** Its own stems, which a name may have in it. */
  readonly stems: readonly string[];
}

function termsIn(words: string): readonly AskedTerm[] {
  return (words.match(/[\p{L}][\p{L}\p{N}]*/gu) ?? [])
    .filter((word) => !BESIDE.has(word.toLowerCase()) || CALLED.some(([asked]) => asked.test(word.toLowerCase())))
    .filter((word) => !saysNothing(word) || CALLED.some(([asked]) => asked.test(word.toLowerCase())))
    .map((word) => ({
      fields: new Set(CALLED.filter(([asked]) => asked.test(word.toLowerCase())).flatMap(([, fields]) => fields.split(' '))),
      stems: stemsOf(word),
    }));
}

/** A field that is called so counts in full, one that has the word in its name by half; each word that was asked once. */
const scoreOf = ({ names, tokens }: Leaf, asked: readonly AskedTerm[]): number =>
  asked.reduce((sum, { fields, stems }) => {
    if (names.some((name) => fields.has(name))) return sum + 1;
    return sum + (stems.every((stem) => tokens.has(stem)) ? 1 : 0);
  }, 0);

function leavesOf(value: Json, path: string, names: readonly string[]): Leaf[] {
  if (OWN.test(path)) return [];
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, i) => {
      const name = nameOf(item);
      const under = leavesOf(item, `${path}[${name ?? i}]`, name === undefined ? names : [...names, name]);
      // It stands in the path.
      return name === undefined || under.length < 2 ? under : under.filter((leaf) => leaf.path !== `${path}[${name}].name`);
    });
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, under]) =>
      leavesOf(under, path === '' ? key : `${path}.${key}`, [...names, ...(/[./]/.test(key) ? [plainName(key)] : [key])]),
    );
  return [
    {
      path,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      names,
      tokens: new Set(names.flatMap((name) => stemsOf(name))),
    },
  ];
}

/** `app.kubernetes.io/managed-by` → `managedBy` */
const plainName = (key: string): string =>
  (key.split('/').at(-1) ?? key).replaceAll(/[-._](\w)/g, (_, letter: string) => letter.toUpperCase());

function nameOf(item: Json): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { name } = item;
  return typeof name === 'string' ? name : undefined;
}
