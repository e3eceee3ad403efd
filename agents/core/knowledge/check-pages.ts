import type { Agent, Check } from '../agent.ts';

/** A page of Markdown the app writes of what it knows itself. */
export interface WrittenPage {
  readonly path: string;
  readonly text: string;
}

/** A page for each check of the agents, in the words the checks and remedies are defined with. */
export function checkPages(agents: readonly Agent[]): WrittenPage[] {
  return agents.flatMap((agent) =>
    [...agent.checks, ...(agent.manifestChecks ?? [])].map((check) => ({ path: `${check.code}.md`, text: pageOf(agent, check) })),
  );
}

function pageOf(agent: Agent, check: Check): string {
  const remedies = agent.remedies.filter((remedy) => remedy.codes.includes(check.code));
  const role = check.role === 'cause' ? 'a cause' : 'a symptom, whose cause another check tells';
  return [
    `# ${check.title} (${check.code})`,
    oneLine(check.doc),
    `${agent.title} takes it for ${role}, of ${check.severity} severity. Where it is not so, an incident says it is ruled out that ${check.hypothesis}.`,
    ...(remedies.length === 0 ? [] : [`## What ${agent.title} proposes for ${check.code}`]),
    ...remedies.map((remedy) => `- ${named(remedy.name)}: ${oneLine(remedy.doc)}`),
    '',
  ].join('\n\n');
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
const named = (name: string) => `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('-', ' ')}`;
