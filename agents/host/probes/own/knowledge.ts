import type { OwnExecutor } from './executor.ts';

export const knowledge: OwnExecutor<'knowledge'> = ({ text, top }, _context, { searchKnowledge }) => searchKnowledge({ text, top });
