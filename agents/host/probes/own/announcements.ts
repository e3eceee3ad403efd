import type { OwnExecutor } from './executor.ts';

export const announcements: OwnExecutor<'announcements'> = (_probe, context, sources) =>
  Promise.resolve({ announcements: context === null ? [] : [...sources.announcements.of(context)] });
