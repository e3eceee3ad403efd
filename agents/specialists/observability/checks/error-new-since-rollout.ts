import { type LogPattern, refKey } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { type Workload, revisionOf } from '../../../core/workloads.ts';
import { logEvidence, newsOf, quoted } from '../log-words.ts';
import { rolloutEvidence } from '../rollouts.ts';
import { SUBJECT_KINDS, nameOf, podRefs, workloadOfSeries } from '../subjects.ts';

const MOST_QUOTED = 5;
/** So many lines a minute of each pod, and hardly a request gets through without. */
const OFTEN = 6;

export const errorNewSinceRollout = defineCheck({
  code: 'OBS-020',
  title: 'A workload logs an error since a rollout that it did not log before',
  severity: 'medium',
  role: 'cause',
  kinds: SUBJECT_KINDS,
  announces: 'logs.patternAppeared',
  hypothesis: 'its log shows an error since the last rollout that was not there before',
  doc: `The logs of all replicas are learned as patterns, and what each revision logs is compared with those before it, per pod and minute that was
read. An error that no earlier revision logged, or that comes at least three times as often since, and goes on after the pods have
started, is told once for all replicas, with the line as it was written. What a start or an ending says, and what ceases by itself, is
not. That both came together is no proof: where something else explains what is wrong in the workload, this is told with it.`,
  run: (ctx) => {
    const seen = new Map<string, { readonly w: Workload; readonly all: LogPattern[] }>();
    for (const pattern of newsOf(ctx, 'new', 'more')) {
      const w = workloadOfSeries(ctx.view, { namespace: pattern.namespace, workload: pattern.workload });
      if (w === undefined || !isInForce(w, pattern)) continue;
      const key = refKey(w.ref);
      seen.set(key, { w, all: [...(seen.get(key)?.all ?? []), pattern] });
    }
    return [...seen.values()].flatMap(({ w, all }) => draftOf(w, all));
  },
});

/** The view may be ahead of the logs: what another revision said is over. */
function isInForce(w: Workload, { news }: LogPattern): boolean {
  const [newest] = w.replicaSets;
  return newest === undefined || w.object.kind !== 'Deployment' || String(revisionOf(newest)) === news?.revision;
}

function draftOf(w: Workload, all: readonly LogPattern[]): FindingDraft[] {
  const [first, ...others] = all;
  if (first?.news === null || first === undefined) return [];
  const { news } = first;
  const at = Date.parse(news.rolledOutAt ?? news.since);
  const earlier = w.replicaSets
    .slice(1)
    .map(revisionOf)
    .find((revision) => revision > 0 && String(revision) !== news.revision);
  const what = news.kind === 'new' ? 'logs an error that it did not log before' : 'logs an error much more often than before';
  return [
    {
      subject: w.ref,
      affects: podRefs(w),
      severity: all.some((p) => (p.news?.now ?? 0) >= OFTEN) ? 'high' : 'medium',
      // That it began with the rollout is measured; that the rollout is to blame is not.
      confidence: 0.69,
      message: `${nameOf(w.ref)} ${what}, since revision ${news.revision ?? '?'}: ${quoted(first)}; ${news.because}${others.length === 0 ? '' : `; and ${others.length} more like it`}. ${earlier === undefined ? 'Look at what the new revision changed' : `Look at what revision ${news.revision ?? '?'} changed, or put revision ${earlier} back`}`,
      evidence: [
        ...all.slice(0, MOST_QUOTED).flatMap((p) => logEvidence(p, w.ref)),
        rolloutEvidence(w, { revision: Number(news.revision) || 0, at, earlier }),
      ],
      params: {
        since: Date.parse(news.since),
        score: 0.69,
        expected: news.before === 0 ? 'none of it' : `${news.before} lines a minute of each pod`,
        silentWhen: 'no pod of this revision has logged it for a while, or another revision is in force',
        ...(earlier === undefined ? {} : { earlier }),
      },
    },
  ];
}
