import type { KubeObject } from '../../contract/index.ts';
import { type FindingDraft } from '../../core/agent.ts';
import { refOf } from '../../contract/index.ts';
import { askingOf } from './scheduling-kinds.ts';
import { blame, nodesUpTo } from './scheduling.ts';
import { type Claim, type Mismatch, type StorageView, type Volume, mismatches, supplyOf } from './storage.ts';
import { count } from './scheduling-evidence.ts';

/** What comes nearest to serving a claim that only volumes made by hand can serve. */
export interface Nearest {
  readonly volume: Volume;
  readonly reasons: readonly Mismatch[];
}

/** The nodes the claim's pods may run on as far as they themselves say; all nodes where no pod waits. */
function nodesFor(view: StorageView, waiting: readonly KubeObject<'Pod'>[]): readonly KubeObject<'Node'>[] {
  const [pod] = waiting;
  if (pod === undefined) return view.list('Node');
  const why = blame(askingOf(pod), view);
  return why?.stage === 'selector' || why?.stage === 'affinity' ? view.list('Node') : nodesUpTo('affinity', askingOf(pod), view);
}

/**
 * The volumes a static claim could have meant, best first: the named one, else those of its class, else any. Undefined where something
 * else supplies the claim, or where a volume fits and the binder only has to see it.
 */
export function candidates(view: StorageView, claim: Claim, waiting: readonly KubeObject<'Pod'>[]): readonly Nearest[] | undefined {
  const named = claim.spec.volumeName;
  if (named === undefined && supplyOf(view, claim) !== 'static') return undefined;
  const nodes = nodesFor(view, waiting);
  const all = view
    .list('PersistentVolume')
    .filter((v) => named === undefined || v.metadata.name === named)
    .map((volume) => ({ volume, reasons: mismatches(claim, volume, nodes) }));
  if (all.some((n) => n.reasons.length === 0)) return undefined;
  const weight = (n: Nearest) => n.reasons.reduce((sum, r) => sum + (r.kind === 'class' || r.kind === 'taken' ? 10 : 1), 0);
  return all.sort((a, b) => weight(a) - weight(b));
}

/** Everything of a finding about an unbound claim but its message. */
export function claimFinding(
  claim: Claim,
  waiting: readonly KubeObject<'Pod'>[],
  near: readonly Nearest[],
): Omit<FindingDraft, 'message' | 'field'> {
  return {
    subject: refOf(claim),
    affects: waiting.map(refOf),
    severity: waiting.length > 0 ? 'high' : 'medium',
    evidence: [
      {
        kind: 'field',
        resource: refOf(claim),
        source: 'spec',
        text: `asks for ${claim.spec.resources.requests['storage'] ?? '0'}, ${claim.spec.accessModes.join(', ')}, class "${claim.spec.storageClassName ?? ''}"`,
      },
      ...near.slice(0, 5).map(({ volume, reasons }) => ({
        kind: 'field' as const,
        resource: refOf(volume),
        source: 'spec',
        text: `PersistentVolume ${volume.metadata.name} ${reasons.map((r) => r.because).join('; ')}`,
      })),
    ],
    confidence: 0.94,
  };
}

/** `, and 2 pods cannot start`. */
export function andPods(waiting: readonly unknown[]): string {
  return waiting.length > 0 ? `, and ${count(waiting.length, 'pod')} cannot start` : '';
}
