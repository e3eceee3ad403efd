import type { OwnExecutor } from './executor.ts';

/** What is handed to an agent at once. */
const MOST = 500;

export const pastIncidents: OwnExecutor<'pastIncidents'> = async ({ code }, _context, { past }) => {
  const newestFirst = [...(await past.all())].reverse();
  const like = newestFirst.filter((i) => i.code === code);
  const rest = newestFirst.filter((i) => i.code !== code);
  return { incidents: [...like, ...rest].slice(0, MOST).sort((a, b) => b.resolved - a.resolved) };
};
