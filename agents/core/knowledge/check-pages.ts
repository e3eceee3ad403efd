import type { Agent, Check } from '../agent.ts';

/** A page of Markdown the app writes of what it knows itself. */
export interface WrittenPage {
  readonly path: string;
  readonly text: string;
}

/**
 * A page for each check of the agents: its runbook, where there is one, and behind it what the check and its remedies are defined with in
 * their own words. One page, because it is one thing that is asked for.
 * @param runbooks by the name of their file, `CODE.md`
 */
export function checkPages(agents: readonly Agent[], runbooks: ReadonlyMap<string, string>): WrittenPage[] {
  const pages = new Map(runbooks);
  for (const agent of agents) {
    for (const check of [...agent.checks, ...(agent.manifestChecks ?? [])]) {
      const path = `${check.code}.md`;
      const runbook = runbooks.get(path) ?? `# ${check.title} (${check.code})\n`;
      pages.set(path, `${runbook.trimEnd()}\n\n${ownWords(agent, check)}`);
    }
  }
  return [...pages].map(([path, text]) => ({ path, text }));
}

function ownWords(agent: Agent, check: Check): string {
  const remedies = agent.remedies.filter((remedy) => remedy.codes.includes(check.code));
  const role = check.role === 'cause' ? 'a cause' : 'a symptom, whose cause another check tells';
  return [
    '## What the check looks for',
    oneLine(check.doc),
    `${agent.title} takes it for ${role}, of ${check.severity} severity. Where it is not so, an incident says it is ruled out that ${check.hypothesis}.`,
    ...(remedies.length === 0 ? [] : [`## What ${agent.title} proposes`]),
    ...remedies.map((remedy) => `- ${named(remedy.name)}: ${oneLine(remedy.doc)}`),
    '',
  ].join('\n\n');
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
const named = (name: string) => `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('-', ' ')}`;
