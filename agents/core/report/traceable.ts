import type { Envelope } from '../../contract/index.ts';
import type { IncidentReport, ReportLine } from '../../contract/reports.ts';
import { refWords } from '../../contract/refs.ts';
import { storyOf } from '../../contract/story.ts';

/** The lines that the entries they cite do not bear out: none, in a report that is made from the log. */
export function untraceable(report: IncidentReport, log: readonly Envelope[]): ReportLine[] {
  const bySeq = new Map(log.map((e) => [e.seq, e]));
  return report.sections
    .flatMap((s) => s.lines)
    .filter((line) => {
      const cited = line.events.map((seq) => bySeq.get(seq));
      if (cited.includes(undefined)) return true;
      const said = new Set(cited.flatMap((e) => (e === undefined ? [] : [e.at, storyOf(e.event), ...valuesIn(e.event)])));
      return ![line.text, ...line.about, ...(line.at === undefined ? [] : [line.at])].every((text) => said.has(text));
    });
}

/** Every text in a value, and every reference in it as people read it. */
function valuesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...reference(value), ...Object.values(value).flatMap(valuesIn)];
}

function reference(value: object): string[] {
  if (!('kind' in value && 'name' in value) || typeof value.kind !== 'string' || typeof value.name !== 'string') return [];
  const namespace = 'namespace' in value && typeof value.namespace === 'string' ? { namespace: value.namespace } : {};
  return [refWords({ apiVersion: '', kind: value.kind, name: value.name, ...namespace })];
}
