/** Where somebody is on the way to a decision. Pure, so that no key can approve by accident. */
export type Gate =
  | { readonly at: 'open' }
  /** `A` was pressed or Approve clicked: Enter carries it out. For a protected context its name must be typed. */
  | { readonly at: 'armed'; readonly typed: string }
  | { readonly at: 'rejecting'; readonly reason: string };

export type GateKey = 'a' | 'r' | 'Enter' | 'Escape';

export interface GateAnswer {
  readonly gate: Gate;
  readonly decide?: 'approved' | 'rejected';
}

export const OPEN: Gate = { at: 'open' };

/** What a key does. Enter alone never decides: something must have been armed before. `context` is its name where it is protected. */
export function press(gate: Gate, key: GateKey, context: string | undefined): GateAnswer {
  switch (key) {
    case 'Escape':
      return { gate: OPEN };
    case 'a':
      return { gate: gate.at === 'open' ? { at: 'armed', typed: '' } : gate };
    case 'r':
      return { gate: gate.at === 'open' ? { at: 'rejecting', reason: '' } : gate };
    case 'Enter':
      if (gate.at === 'armed' && mayApprove(gate.typed, context)) return { gate: OPEN, decide: 'approved' };
      if (gate.at === 'rejecting' && gate.reason.trim() !== '') return { gate: OPEN, decide: 'rejected' };
      return { gate };
  }
}

/** A protected context wants its very name. The host checks it again. */
export const mayApprove = (typed: string, context: string | undefined): boolean => context === undefined || typed === context;
