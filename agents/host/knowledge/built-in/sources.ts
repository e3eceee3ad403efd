import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../core/agent.ts';
import { type WrittenPage, checkPages } from '../../../core/knowledge/check-pages.ts';
import type { BuiltInSource } from '../knowledge.ts';

const resource = (folder: string) => fileURLToPath(new URL(`../../../../resources/${folder}/`, import.meta.url));
export const RUNBOOKS = resource('runbooks');
/** Pages of what people do with a cluster every day, one a task. */
export const GUIDES = resource('guides');
/** The name of the reference of fields, whoever it was read from. */
export const FIELDS = 'kubernetes-fields';

const OWN_RUNBOOKS = 'quarterdeck-runbooks';
const OWN_GUIDES = 'quarterdeck-guides';
const WORDS = 'kubernetes-words';
/** Names of what ships with the app: true of every cluster, and of nobody's in particular. */
export const SHIPPED: ReadonlySet<string> = new Set([OWN_RUNBOOKS, OWN_GUIDES, WORDS, FIELDS]);

/** What comes with the app. */
export function builtInSources(agents: readonly Agent[]): readonly BuiltInSource[] {
  return [
    {
      name: OWN_RUNBOOKS,
      root: 'the runbooks of Quarterdeck, one a check, with what the checks and remedies say of themselves',
      trust: 'own',
      licence: 'Apache-2.0',
      from: { type: 'pages', pages: checkPages(agents, pagesIn(RUNBOOKS)) },
    },
    {
      name: OWN_GUIDES,
      root: 'how the common tasks of those who run clusters are done, one page a task',
      trust: 'own',
      licence: 'Apache-2.0',
      from: { type: 'pages', pages: writtenIn('guides') },
    },
    {
      name: WORDS,
      root: 'what clusters call the states of things, in plain words',
      trust: 'own',
      licence: 'Apache-2.0',
      from: { type: 'pages', pages: writtenIn('words') },
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

const writtenIn = (folder: string): WrittenPage[] => [...pagesIn(resource(folder))].map(([path, text]) => ({ path, text }));

/** By the name of their file. */
function pagesIn(folder: string): Map<string, string> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
