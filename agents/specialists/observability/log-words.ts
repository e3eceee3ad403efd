import type { Evidence, LogPattern, ResourceRef } from '../../contract/index.ts';
import type { Ctx } from './running-out.ts';

/** What checks of logs share: the news as a fact, and how it is said. */

export function newsOf(ctx: Ctx, ...kinds: readonly NonNullable<LogPattern['news']>['kind'][]): readonly LogPattern[] {
  const fact = ctx.ask({ type: 'logNews' });
  return fact?.ok === true ? fact.value.patterns.filter((p) => p.news !== null && kinds.includes(p.news.kind)) : [];
}

const LONGEST = 200;
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** As the program wrote it, without the time before it. */
export const quoted = ({ sample }: LogPattern): string => `“${short(sample.line.trim())}”`;

export function logEvidence({ namespace, sample, news }: LogPattern, workload: ResourceRef): Evidence[] {
  const pod = { apiVersion: 'v1', kind: 'Pod', namespace, name: sample.pod };
  const text = [sample.line, ...sample.trace].join('\n');
  return [
    { kind: 'log', resource: pod, source: sample.container, text, at: sample.at },
    ...(news === null
      ? []
      : [{ kind: 'metric' as const, resource: workload, source: 'lines of its log', text: news.because, at: news.toldAt }]),
  ];
}
