import type { OwnExecutor } from './executor.ts';

export const logNews: OwnExecutor<'logNews'> = (_probe, context, { logs }) =>
  context === null ? Promise.resolve({ patterns: [] }) : logs.news(context);
