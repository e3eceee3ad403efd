import type { Finding, Incident, Report } from '../contract/index.ts';
import { fingerprint } from '../contract/index.ts';
import { foldIncidents } from './incident.ts';

/**
 * A finding of severity info says that something could be tidied, not that something is wrong: it opens no incident, rings no bell and is
 * in no list of what is wrong. It is told to whoever asks for it.
 */
export const isInformation = (finding: Finding): boolean => finding.severity === 'info';

export interface Information {
  /** Remarks about what is kept and paid for and serves nobody: part of every diagnosis somebody asks for. */
  readonly kept: readonly Incident[];
  /** The rest: for who wants to hear all of it. */
  readonly more: readonly Incident[];
}

/** Most remarks of a diagnosis: a cluster of years has thousands of old ConfigMaps. */
const MOST = 500;

/** The remarks of all reports about one cluster, in the form of incidents. */
export function informationOf(context: string, reports: readonly Report[], now: number): Information {
  const findings = reports.flatMap((r) => r.findings).filter(isInformation);
  const keptOf = new Set(findings.filter((f) => f.params['kept'] === true).map(fingerprint));
  const all = foldIncidents({
    context,
    findings,
    relations: [],
    advice: new Map(reports.flatMap((r) => r.advice.map((a) => [a.fingerprint, a.text] as const))),
    previous: [],
    now,
  });
  const isKept = ({ rootCause: { code, resource, field } }: Incident) => keptOf.has(fingerprint({ code, subject: resource, field }));
  return { kept: all.filter(isKept).slice(0, MOST), more: all.filter((i) => !isKept(i)).slice(0, MOST) };
}
