import { useMemo } from 'react';
import type { Called } from '../../agents/contract/story.ts';
import { usePage } from './page.ts';

/** What agents call themselves, by their ids; one that has not announced itself goes by its id. */
export function useAgentTitles(): Called {
  const agents = usePage((s) => s.agents);
  return useMemo(() => {
    const titles = new Map(agents.map((a) => [a.id, a.title]));
    return (id) => titles.get(id) ?? id;
  }, [agents]);
}
