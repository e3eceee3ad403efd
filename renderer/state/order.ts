import { useState } from 'react';
import type { Failure } from '../../agents/contract/index.ts';
import { failureOf } from '../bridge/bridge.ts';

export interface Order {
  readonly running: boolean;
  readonly failure: Failure | undefined;
  readonly give: (work: () => Promise<unknown>) => void;
}

/** One order to the host at a time: whether it is under way, and why the last one failed. */
export function useOrder(): Order {
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const give = (work: () => Promise<unknown>) => {
    if (running) return;
    setRunning(true);
    setFailure(undefined);
    work()
      .catch((error: unknown) => setFailure(failureOf(error)))
      .finally(() => setRunning(false));
  };
  return { running, failure, give };
}
