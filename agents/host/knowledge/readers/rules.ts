import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** What people write of an alert for whoever it wakes, in the order in which it is read. */
const RulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string().optional(),
          expr: z.coerce.string().default(''),
          for: z.string().optional(),
          annotations: z.record(z.string(), z.coerce.string()).default({}),
        }),
      ),
    }),
  ),
});
const PartSchema = z.record(z.string(), z.unknown());

/**
 * Rules of Prometheus, in a file or in a PrometheusRule, each alert under its name; and runbooks that are lists of steps. Undefined for what
 * is neither: a manifest says nothing that people are to read.
 */
export function rulesToMarkdown(yaml: string, isRunbook: boolean): string | undefined {
  const said = parseAllDocuments(yaml).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const part = PartSchema.safeParse(value);
    const rules = RulesSchema.safeParse(part.success && part.data['spec'] !== undefined ? part.data['spec'] : value);
    if (rules.success) return rules.data.groups.flatMap((group) => group.rules).flatMap(alert);
    return isRunbook && part.success ? [steps(part.data, 1)] : [];
  });
  return said.length === 0 ? undefined : `${said.join('\n\n')}\n`;
}

function alert(rule: z.output<typeof RulesSchema>['groups'][number]['rules'][number]): string[] {
  if (rule.alert === undefined) return [];
  const notes = Object.entries(rule.annotations).filter(([name]) => !/_?url$|^dashboard|^grafana/i.test(name));
  const when = `\`\`\`\n${rule.expr.trim()}\n\`\`\`${rule.for === undefined ? '' : `\n\nfor ${rule.for}`}`;
  return [`# ${rule.alert}\n\n${notes.map(([, text]) => withoutTemplates(text).trim()).join('\n\n')}\n\n${when}`];
}

/** What Prometheus fills in is a value of the moment. */
const withoutTemplates = (text: string): string => text.replaceAll(/\{\{-?[^{}]{0,300}-?\}\}/g, '…');

const NAMES = ['title', 'name', 'step', 'id'];

/** Maps and lists as headings, lines and items; a part that has a name stands under it. */
function steps(part: Readonly<Record<string, unknown>>, level: number): string {
  const named = NAMES.find((name) => typeof part[name] === 'string');
  const out: string[] = named === undefined ? [] : [`${'#'.repeat(Math.min(6, level))} ${String(part[named])}`];
  for (const [name, value] of Object.entries(part)) {
    if (name === named || value === null || value === undefined) continue;
    if (Array.isArray(value))
      for (const [i, item] of value.entries()) {
        const inner = PartSchema.safeParse(item);
        if (i === 0 && !inner.success) out.push(`${name}:`);
        out.push(inner.success && !Array.isArray(item) ? steps(inner.data, level + 1) : `- ${String(item)}`);
      }
    else if (typeof value === 'object') out.push(steps({ name, ...PartSchema.parse(value) }, level + 1));
    else if (/^(?:command|run|cmd|shell|script)s?$/i.test(name)) out.push(`\`\`\`\n${String(value).trimEnd()}\n\`\`\``);
    else
      out.push(/^(?:description|text|body|details|note|summary)$/i.test(name) ? String(value).trim() : `${name}: ${String(value).trim()}`);
  }
  return out.join('\n\n');
}
