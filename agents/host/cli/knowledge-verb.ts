import type { Verb } from './verb.ts';

export const KNOWLEDGE_VERB: Verb = {
  name: 'knowledge',
  summary: 'Runbooks and pages of your own: add them, and search in them',
  args: '<action> [what]',
  flags: [
    ['--name <name>', 'add: what the source is called; the last part of its path by default'],
    ['--trust <trust>', 'add: own (of the team), vendor, public', 'own'],
    ['--licence <licence>', 'add: under which licence it is'],
    ['--top <n>', 'search: at most so many passages', '5'],
    ['--page <path>', 'show: the document'],
  ],
  examples: [
    'quarterdeck knowledge add ~/wiki',
    'quarterdeck knowledge search "why is a pod evicted" --top 3',
    'quarterdeck knowledge list',
    'quarterdeck knowledge show wiki --page memory.md',
    'quarterdeck knowledge reindex wiki',
    'quarterdeck knowledge remove wiki',
  ],
  more:
    'Reads Markdown and plain text in UTF-8, up to 100 MB a file and 100,000 files a source. With -o json a search gives\n' +
    '{"results":[{"source","path","heading","line","score","confident","text",…}],"noGoodMatch":false}.',
  load: () => import('./knowledge.ts'),
};
