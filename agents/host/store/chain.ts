import { createHash } from 'node:crypto';
import type { Envelope, HostEvent } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';

/** `prev` of the first entry. */
export const GENESIS = '0'.repeat(64);

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hashOf({ v, seq, at, prev, event }: Omit<Envelope, 'hash'>): string {
  return sha256(canonical({ v, seq, at, prev, event }));
}

/** The next entries of the log after `last` (undefined: the log is empty). `at` is RFC 3339 in UTC. */
export function seal(last: Pick<Envelope, 'seq' | 'hash'> | undefined, at: string, events: readonly HostEvent[]): Envelope[] {
  const sealed: Envelope[] = [];
  let { seq, hash: prev } = last ?? { seq: 0, hash: GENESIS };
  for (const event of events) {
    const open = { v: 1 as const, seq: ++seq, at, prev, event };
    const envelope = { ...open, hash: hashOf(open) };
    sealed.push(envelope);
    prev = envelope.hash;
  }
  return sealed;
}

/**
 * The number of the first entry that is not what was written: its hash does not fit its content, or it does not follow the entry before
 * it. Undefined when the chain holds. `envelopes` is a run of the log; the first one's `prev` is only checked where it is entry 1.
 */
export function firstBreak(envelopes: readonly Envelope[]): number | undefined {
  let before: Envelope | undefined;
  for (const envelope of envelopes) {
    const prev = before?.hash ?? (envelope.seq === 1 ? GENESIS : envelope.prev);
    const follows = before === undefined || envelope.seq === before.seq + 1;
    if (!follows || envelope.prev !== prev || envelope.hash !== hashOf(envelope)) return envelope.seq;
    before = envelope;
  }
  return undefined;
}
