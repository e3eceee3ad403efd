import { type Finding, type RuledOut, refKey, refOf } from '../contract/index.ts';
import type { Check } from './agent.ts';
import type { View } from './view.ts';
import { type WorkloadKind, workloads } from './workloads.ts';

/** A check looked at an object and its hypothesis does not hold there. */
export interface Passed {
  readonly check: Check;
  readonly because: string;
}

/** Most hypotheses worth reading under one incident. */
const MOST = 8;
/** Of a finding that affects hundreds of pods, those looked at. */
const MOST_AFFECTED = 50;

/** The codes of the findings that speak of each object, by `refKey`. */
export function codesByObject(findings: readonly Finding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const codes = new Map<string, Set<string>>();
  for (const finding of findings)
    for (const ref of [finding.subject, ...finding.affects]) {
      const key = refKey(ref);
      const known = codes.get(key);
      if (known === undefined) codes.set(key, new Set([finding.code]));
      else known.add(finding.code);
    }
  return codes;
}

/**
 * What is ruled out about a finding: hypotheses whose checks passed on its subject, then on what it affects. A hypothesis that holds
 * for any of these objects is not ruled out because it does not hold for another.
 */
export function ruledOut(
  finding: Finding,
  passed: ReadonlyMap<string, readonly Passed[]>,
  codes: ReadonlyMap<string, ReadonlySet<string>>,
): RuledOut[] {
  const objects = [finding.subject, ...finding.affects.slice(0, MOST_AFFECTED)].map(refKey);
  const about = objects.flatMap((key) => passed.get(key) ?? []);
  if (about.length === 0) return finding.ruledOut;
  const holds = new Set(objects.flatMap((key) => [...(codes.get(key) ?? [])]));
  const found = new Map(finding.ruledOut.map((r) => [r.hypothesis, r]));
  for (const { check, because } of about)
    if (!holds.has(check.code) && !found.has(check.hypothesis))
      found.set(check.hypothesis, { hypothesis: check.hypothesis, because: `${because} (${check.code})` });
  return [...found.values()].slice(0, MOST);
}

/** What was looked for and not found about these objects, and about the workloads and pods that they belong to. Each hypothesis once. */
export function ruledOutAbout(
  about: ReadonlySet<string>,
  view: View,
  passed: ReadonlyMap<string, readonly Passed[]>,
  codes: ReadonlyMap<string, ReadonlySet<string>>,
): RuledOut[] {
  const objects = new Set(about);
  for (const { ref, pods } of workloads(view as View<WorkloadKind>)) {
    const members = [ref, ...pods.map(refOf)].map(refKey);
    if (members.some((key) => about.has(key))) for (const key of members) objects.add(key);
  }
  const holds = new Set([...objects].flatMap((key) => [...(codes.get(key) ?? [])]));
  const found = new Map<string, RuledOut>();
  for (const { check, because } of [...objects].flatMap((key) => passed.get(key) ?? []))
    if (!holds.has(check.code) && !found.has(check.hypothesis))
      found.set(check.hypothesis, { hypothesis: check.hypothesis, because: `${because} (${check.code})` });
  return [...found.values()];
}
