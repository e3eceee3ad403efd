import {
  type ContextName,
  type Finding,
  type Incident,
  type Relation,
  SEVERITIES,
  type Severity,
  fingerprint,
  refKey,
  refWords,
} from '../contract/index.ts';
import { shortHash } from './canonical.ts';

export interface FoldInput {
  readonly context: ContextName;
  /** Of all agents. */
  readonly findings: readonly Finding[];
  readonly relations: readonly Relation[];
  /** What a person must supply, by fingerprint. */
  readonly advice: ReadonlyMap<string, string>;
  /** Open incidents, for `firstSeen`. */
  readonly previous: readonly Incident[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const MOST_EVIDENCE = 20;
/** How far a symptom may be from its cause: pod, workload, Service, caller, and one more of each. */
const FAR = 6;
const worst = (all: readonly Severity[]): Severity => SEVERITIES[Math.max(...all.map((s) => SEVERITIES.indexOf(s)))] ?? 'info';

/**
 * Joins findings over the relation graph: a symptom that depends on an object a cause spoils is folded under the nearest such cause;
 * a symptom nothing explains stands for itself. One incident a root cause; independent causes stay apart.
 */
export function foldIncidents({ context, findings, relations, advice, previous, now }: FoldInput): Incident[] {
  const causes = findings.filter((f) => f.role === 'cause');
  const symptoms = findings.filter((f) => f.role === 'symptom');
  const dependsOn = dependencies(relations);
  const groups = new Map<Finding, Finding[]>(causes.map((c) => [c, []]));
  for (const [effect, cause] of consequences(causes)) {
    groups.delete(effect);
    groups.get(cause)?.push(effect);
  }
  const alone: Finding[] = [];
  for (const symptom of symptoms) {
    const cause = nearestCause(symptom, [...groups.keys()], dependsOn);
    if (cause === undefined) alone.push(symptom);
    else groups.get(cause)?.push(symptom);
  }
  foldAmongThemselves(alone, dependsOn, groups);
  const at = new Date(now).toISOString();
  return [...groups].map(([cause, folded]) => {
    const id = `inc-${shortHash(`${context}|${fingerprint(cause)}`).slice(0, 10)}`;
    const all = [cause, ...folded];
    const affects = all.flatMap((f) => f.affects);
    const found = new Set(all.map((f) => f.title));
    return {
      id,
      context,
      title: `${refWords(cause.subject)}: ${cause.message}`,
      severity: worst(all.map((f) => f.severity)),
      state: 'open' as const,
      rootCause: {
        code: cause.code,
        resource: cause.subject,
        ...(cause.field === undefined ? {} : { field: cause.field }),
        message: cause.message,
        confidence: cause.confidence,
      },
      symptoms: folded.map((f) => ({ code: f.code, resource: f.subject, message: f.message })),
      affects: affects.filter((r, i) => affects.findIndex((x) => refKey(x) === refKey(r)) === i),
      evidence: all
        .flatMap((f) => f.evidence)
        .filter((e, i, a) => a.findIndex((x) => x.text === e.text && refKey(x.resource) === refKey(e.resource)) === i)
        .slice(0, MOST_EVIDENCE),
      ruledOut: cause.ruledOut.filter((r) => !found.has(r.hypothesis)),
      ...(advice.has(fingerprint(cause)) ? { advice: advice.get(fingerprint(cause)) ?? '' } : {}),
      firstSeen: previous.find((p) => p.id === id)?.firstSeen ?? at,
      lastSeen: at,
    };
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

/** What each object needs to be well. An owner needs its pods; a Service what it selects; a caller what it calls. */
function dependencies(relations: readonly Relation[]): Graph {
  const graph = new Map<string, string[]>();
  const edge = (a: string, b: string) => graph.set(a, [...(graph.get(a) ?? []), b]);
  for (const { from, type, to } of relations) {
    edge(refKey(from), refKey(to));
    if (type === 'ownedBy') edge(refKey(to), refKey(from));
  }
  return graph;
}

/** The cause whose spoiled objects are fewest steps away along what the symptom's objects need. */
function nearestCause(symptom: Finding, causes: readonly Finding[], graph: Graph): Finding | undefined {
  const spoiled = causes.map((c) => new Set([c.subject, ...c.affects].map(refKey)));
  let frontier = new Set([symptom.subject, ...symptom.affects].map(refKey));
  const seen = new Set(frontier);
  for (let step = 0; step <= FAR && frontier.size > 0; step++) {
    const hits = causes.filter((_, i) => [...frontier].some((key) => spoiled[i]?.has(key)));
    if (hits.length > 0) return hits.sort((a, b) => b.confidence - a.confidence)[0];
    const next = new Set<string>();
    for (const key of frontier)
      for (const to of graph.get(key) ?? [])
        if (!seen.has(to)) {
          seen.add(to);
          next.add(to);
        }
    frontier = next;
  }
  return undefined;
}

/**
 * Pairs (effect, cause) among causes of one object: a finding that was sure only of *that* something is wrong (confidence under 0.7)
 * is the effect of one about the same container or pods that is sure of *what*.
 */
function consequences(causes: readonly Finding[]): [Finding, Finding][] {
  const pairs: [Finding, Finding][] = [];
  for (const vague of causes) {
    if (vague.confidence >= 0.7) continue;
    const sure = causes.find((c) => c !== vague && c.confidence >= 0.7 && refKey(c.subject) === refKey(vague.subject));
    if (sure !== undefined) pairs.push([vague, sure]);
  }
  return pairs;
}

/** Symptoms without a cause: the one the others depend on stands for them. */
function foldAmongThemselves(alone: readonly Finding[], graph: Graph, groups: Map<Finding, Finding[]>): void {
  const roots: Finding[] = [];
  const order = [...alone].sort((a, b) => depth(b) - depth(a));
  for (const symptom of order) {
    const root = nearestCause(symptom, roots, graph);
    if (root === undefined) {
      roots.push(symptom);
      groups.set(symptom, []);
    } else groups.get(root)?.push(symptom);
  }
}

/** What fails first stands deeper: a container before its workload, a workload before its Service. */
function depth(f: Finding): number {
  return f.subject.kind === 'Service' ? 0 : f.affects.length > 0 ? 2 : 1;
}
