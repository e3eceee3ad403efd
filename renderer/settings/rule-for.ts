import type { Plan } from '../../agents/contract/index.ts';

/** A rule that speaks of plans like this one, to be edited: it asks, as without it, until somebody writes another word. Pure. */
export function ruleFor({ context, agent, risk, actions }: Plan, taken: string): string {
  const list = (values: readonly (string | undefined)[]) =>
    `[${[...new Set(values)]
      .filter((v) => v !== undefined)
      .map((v) => JSON.stringify(v))
      .join(', ')}]`;
  const namespaces = actions.map((a) => a.target.namespace);
  const types = [...new Set(actions.map((a) => a.type))];
  const stem = `${types.join('-and-')}-in-${context}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 56);
  let id = stem;
  for (let n = 2; new RegExp(`^\\s*-?\\s*id: ${id}\\s*$`, 'm').test(taken); n++) id = `${stem}-${n}`;
  return [
    `  - id: ${id}`,
    '    match:',
    `      contexts: ${list([context])}`,
    ...(namespaces.some((n) => n !== undefined) ? [`      namespaces: ${list(namespaces)}`] : []),
    `      agents: ${list([agent])}`,
    `      actions: ${list(types)}`,
    // The most that a rule may let pass by itself.
    `      maxRisk: ${risk === 'destructive' ? 'high' : risk}`,
    '    # observe: only show what would be done. ask: wait for a person. auto: approve it',
    '    give: ask',
    '',
  ].join('\n');
}

/** The text of the rules with this one in front: the first that matches counts. */
export function withRule(text: string, rule: string): string {
  if (!/^rules:/m.test(text)) return `${text.trim() === '' ? 'version: 1\n' : `${text.trimEnd()}\n`}rules:\n${rule}`;
  return text.replace(/^rules:[ \t]*(\[\])?[ \t]*$/m, () => `rules:\n${rule.trimEnd()}`);
}
