import { hash as digest } from 'node:crypto';
import type { Envelope, HostEvent } from '../../contract/index.ts';
import { canonical } from '../../core/canonical.ts';

/** `prev` of the first entry. */
export const GENESIS = '0'.repeat(64);

export function sha256(text: string): string {
  return digest('sha256', text, 'hex');
}

/** An entry as it is stored, its event as canonical JSON. */
interface OpenEntry {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
  readonly json: string;
}

/** The canonical JSON of the envelope without its hash, put together around the event's own: keys stand in their order. */
const hashOfText = ({ seq, at, prev, json }: OpenEntry): string =>
  sha256(`{"at":${JSON.stringify(at)},"event":${json},"prev":${JSON.stringify(prev)},"seq":${seq},"v":1}`);

/**
 * What the hash of a stored entry must be. Entries of before the text was canonical have theirs over the canonical form; they are told by
 * being what `JSON.stringify` writes.
 */
export function entryHash(entry: OpenEntry, written: string): string {
  const hash = hashOfText(entry);
  if (hash === written) return hash;
  const event = JSON.parse(entry.json) as unknown;
  return JSON.stringify(event) === entry.json ? hashOfText({ ...entry, json: canonical(event) }) : hash;
}

const hashOf = ({ seq, at, prev, event }: Omit<Envelope, 'hash'>): string => hashOfText({ seq, at, prev, json: canonical(event) });

export interface Sealed {
  readonly envelope: Envelope;
  /** The event as it is hashed and stored. */
  readonly json: string;
}

/** The next entries of the log after `last` (undefined: the log is empty). `at` is RFC 3339 in UTC. */
export function seal(last: Pick<Envelope, 'seq' | 'hash'> | undefined, at: string, events: readonly HostEvent[]): Sealed[] {
  const sealed: Sealed[] = [];
  let { seq, hash: prev } = last ?? { seq: 0, hash: GENESIS };
  for (const event of events) {
    const json = canonical(event);
    const hash = hashOfText({ seq: ++seq, at, prev, json });
    sealed.push({ envelope: { v: 1, seq, at, prev, hash, event }, json });
    prev = hash;
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
