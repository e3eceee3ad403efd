import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../core/agent.ts';
import { checkPages } from '../../../core/knowledge/check-pages.ts';
import type { BuiltInSource } from '../knowledge.ts';

export const RUNBOOKS = fileURLToPath(new URL('../../../../resources/runbooks/', import.meta.url));
/** The name of the reference of fields, whoever it was read from. */
export const FIELDS = 'kubernetes-fields';

/** What comes with the app. */
export function builtInSources(agents: readonly Agent[]): readonly BuiltInSource[] {
  const own = { trust: 'own', licence: 'Apache-2.0' } as const;
  return [
    { name: 'quarterdeck-runbooks', root: 'the runbooks of Quarterdeck, one a check', ...own, from: { type: 'folder', path: RUNBOOKS } },
    {
      name: 'quarterdeck-checks',
      root: 'what the checks and remedies of the agents say of themselves',
      ...own,
      from: { type: 'pages', pages: checkPages(agents) },
    },
    {
      name: FIELDS,
      root: 'the fields of the kinds, as the Kubernetes client describes them',
      trust: 'vendor',
      licence: 'Apache-2.0',
      from: { type: 'fields', documents: null },
    },
  ];
}
