import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from './ports/runtime.ts';

/** The machine's clock. Timers do not keep the process alive: only open work does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Crockford's base 32 without what people mistake: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 50 random bits: enough for the plans of one data directory, short enough to type. */
export const randomIds: Ids = {
  next: (prefix) => `${prefix}-${[...randomBytes(10)].map((b) => ALPHABET[b % 32]).join('')}`,
};
