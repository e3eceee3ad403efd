import { NO_SIGNALS } from '../../metrics/metrics.ts';
import type { OwnExecutor } from './executor.ts';

export const signals: OwnExecutor<'signals'> = (_probe, context, { metrics }) =>
  context === null ? Promise.resolve(NO_SIGNALS) : metrics.signals(context);
