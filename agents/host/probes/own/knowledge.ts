import type { OwnExecutor } from './executor.ts';

export const knowledge: OwnExecutor<'knowledge'> = ({ text, top, teamOnly }, _context, { searchKnowledge }) =>
  searchKnowledge({ text, top, teamOnly });
