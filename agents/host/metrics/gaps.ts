import type { MetricSource, RefusedSamples, SourceKind } from '../../contract/index.ts';

/** What is not known of a cluster's metrics, and why, as sentences. */

interface Known {
  readonly sources: readonly MetricSource[];
  readonly refused: RefusedSamples;
  readonly keepsPods: boolean;
  readonly share: number;
}

const NEEDED: readonly { readonly what: string; readonly from: readonly SourceKind[] }[] = [
  { what: 'Processor time and memory are', from: ['kubeletSummary', 'metricsApi', 'prometheus'] },
  { what: 'Network, disks and volumes are', from: ['kubeletSummary', 'prometheus'] },
  { what: 'Throttling is', from: ['cadvisor', 'prometheus'] },
];

export function gapsOf({ sources, refused, keepsPods, share }: Known): string[] {
  const gaps: string[] = [];
  for (const { what, from } of NEEDED) {
    const there = sources.filter((s) => from.includes(s.kind));
    if (there.some((s) => s.state === 'used')) continue;
    const why = there.map((s) => (s.needs === null ? s.because : `${s.because} It needs ${s.needs}.`));
    gaps.push(`${what} not known${why.length > 0 ? `: ${[...new Set(why)].join(' ')}` : '.'}`);
  }
  for (const { kind, state, name, because } of sources)
    if ((kind === 'prometheus' || kind === 'exposition') && state === 'failing') gaps.push(`${name} is not read: ${because}`);
  if (!keepsPods)
    gaps.push(
      `Of so many pods only the sums of their workloads are kept (at most ${share} series for this cluster); a single pod's are not.`,
    );
  if (refused.tooManySeries > 0)
    gaps.push(
      `${refused.tooManySeries} values were left out, for there are more label sets than ${share}, or new ones faster than 20000 an hour.`,
    );
  if (refused.clockApart > 0)
    gaps.push(
      `${refused.clockApart} values came with a time more than two minutes from this machine's, and were given the time they came at.`,
    );
  if (refused.notANumber > 0 || refused.negative > 0)
    gaps.push(
      `${refused.notANumber + refused.negative} values were left out, for they were no number, or below zero where nothing can be.`,
    );
  return gaps;
}
