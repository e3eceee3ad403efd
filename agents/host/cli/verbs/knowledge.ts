import type { Verb } from '../verb.ts';

export const KNOWLEDGE: Verb = {
  name: 'knowledge',
  summary: 'Runbooks and pages of your own: add them, and search in them',
  args: '<action> [what...]',
  flags: [
    ['--name <name>', 'add: what the source is called; the last part of its path by default'],
    ['--trust <trust>', 'add: own (of the team), vendor, public; by default what suits what it is'],
    ['--licence <licence>', 'add: under which licence it is'],
    ['--no-watch', 'add: do not read it again by itself when its files change'],
    ['--lexical', 'add, reindex: make no vectors now; a running app makes them in the background'],
    ['--top <n>', 'search: at most so many passages', '5'],
    ['--page <path>', 'show: the document'],
  ],
  examples: [
    'quarterdeck knowledge add ~/wiki ~/runbooks.pdf',
    'quarterdeck knowledge add confluence-space.zip --name wiki',
    'quarterdeck knowledge add ~/src/website --name kubernetes-docs',
    'quarterdeck knowledge search "why is a pod evicted" --top 3',
    'quarterdeck knowledge list',
    'quarterdeck knowledge show wiki --page memory.md',
    'quarterdeck knowledge reindex wiki',
    'quarterdeck knowledge embed',
    'quarterdeck knowledge remove wiki',
  ],
  more:
    'Reads folders, git checkouts and single files of Markdown (as MkDocs, Docusaurus, Hugo, Obsidian and Notion have it), HTML, PDF, Word,\n' +
    'OpenDocument, RTF, EPUB, AsciiDoc, reStructuredText, Org, MediaWiki, Textile, manual pages and plain text; notebooks, mails and mailboxes,\n' +
    'tables (CSV, TSV), rules of Prometheus, issues of GitHub and GitLab as JSON; exports of Confluence (XML or HTML), MediaWiki and Slack, as\n' +
    'folder or zip; Posts.xml of Stack Exchange; a checkout of the Kubernetes documentation. Runbooks, guides for common tasks, what the\n' +
    'checks say of themselves, and the fields of the kinds are built in. With an embedding model passages are also found that say the same in other words.\n' +
    'With -o json a search gives\n' +
    '{"results":[{"source","path","heading","line","score","confident","text",…}],"noGoodMatch":false}.',
  load: () => import('../knowledge.ts'),
};
