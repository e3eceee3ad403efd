import type { ContractRouterClient } from '@orpc/contract';
import type { Contract, Envelope, Failure } from '../../agents/contract/index.ts';

/** The page's only way to the host: the contract's procedures, over whichever carrier the shell has. */
export type Client = ContractRouterClient<Contract>;

export interface Bridge {
  readonly client: Client;
  /** Aborted once this carrier will never work again: the window's port died, or the token is not the right one. */
  readonly dead: AbortSignal;
}

/** Waits between attempts to reach the host again, milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** How often the host is asked whether it is still there, and how long it may take to answer, milliseconds. */
const PULSE_EVERY = 10_000;
const PULSE_WITHIN = 8_000;

export interface Follower {
  /** The stream is open; everything after `since` will be told. */
  connected(): void;
  lost(failure: Failure): void;
  took(envelope: Envelope): void;
}

/**
 * Follows the event log from a number on, for ever: after a break it goes on behind the last entry that was taken, so none is missed
 * and none comes twice. Returns when `signal` is aborted.
 */
export async function followEvents({ client, dead }: Bridge, since: number, follower: Follower, signal: AbortSignal): Promise<void> {
  const ended = AbortSignal.any([signal, dead]);
  let last = since;
  for (let wait = FIRST_WAIT; !ended.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const line = new AbortController();
    const still = startPulse(client, line, () => last);
    try {
      const stream = await client.events.stream({}, { signal: AbortSignal.any([ended, line.signal]), lastEventId: String(last) });
      follower.connected();
      wait = FIRST_WAIT;
      for await (const envelope of stream) {
        if (envelope.seq <= last) continue;
        last = envelope.seq;
        follower.took(envelope);
      }
      follower.lost({ code: 'internal', message: 'Quarterdeck has closed the connection.' });
    } catch (error) {
      if (ended.aborted) return;
      follower.lost(line.signal.aborted ? SILENT : failureOf(error));
    } finally {
      still();
    }
    await pause(wait, ended);
  }
}

const SILENT: Failure = { code: 'internal', message: 'Quarterdeck has not answered for a while.' };

/**
 * A line may be cut without a word, by a sleep or a network that changed: the open stream then waits for ever. So the host is asked now and
 * then; where it does not answer, or has had news twice that did not come, the line is given up. Returns the function that stops asking.
 */
function startPulse(client: Client, line: AbortController, last: () => number): () => void {
  let missed = -1;
  const timer = setInterval(() => {
    client.app.info({}, { signal: AbortSignal.timeout(PULSE_WITHIN) }).then(
      ({ lastEvent }) => {
        if (last() < missed) line.abort();
        missed = lastEvent;
      },
      () => line.abort(),
    );
  }, PULSE_EVERY);
  return () => clearInterval(timer);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** The failure inside whatever a call threw: the contract's own, or words for a carrier that broke. */
export function failureOf(error: unknown): Failure {
  const data = (error as { data?: unknown } | null)?.data;
  if (typeof data === 'object' && data !== null && 'code' in data && 'message' in data) return data as Failure;
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof TypeError
    ? { code: 'internal', message: 'Quarterdeck does not answer.', hint: 'Is it still running? The page tries again by itself.' }
    : { code: 'internal', message: text };
}
