import type { IncidentWithPlans, ResourceRef } from '../../agents/contract/index.ts';
import { refWords } from '../../agents/contract/refs.ts';

/** An incident for a ticket or a chat: the cause, what people noticed, evidence, what was ruled out, plans. Pure. */
export function markdownOf(incident: IncidentWithPlans): string {
  const { rootCause, symptoms, evidence, ruledOut, plans, advice } = incident;
  return [
    `# ${plain(incident.title)}`,
    '',
    `${incident.severity} · ${quoted(incident.context)} · ${rootCause.code} · first seen ${incident.firstSeen} · ${quoted(incident.id)}`,
    '',
    '## Cause',
    '',
    `${named(rootCause.resource)}${rootCause.field === undefined ? '' : ` at ${quoted(rootCause.field)}`}: ${plain(rootCause.message)}`,
    ...section(
      'What people noticed',
      symptoms.map((s) => `- ${named(s.resource)}: ${plain(s.message)}`),
    ),
    ...section(
      'Evidence',
      evidence.flatMap((e) => [
        `- ${e.kind}, ${named(e.resource)}${e.source === undefined ? '' : `, ${quoted(e.source)}`}`,
        ...fenced(e.text),
      ]),
    ),
    ...section(
      'Ruled out',
      ruledOut.map((r) => `- ${plain(r.hypothesis)}: ${plain(r.because)}`),
    ),
    ...section('Plans', [
      ...plans.map((p) => `- ${plain(p.title)} (risk ${p.risk}, ${p.state}, ${quoted(p.id)})`),
      ...(advice === undefined ? [] : [`- ${plain(advice)}`]),
    ]),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]);
const named = (ref: ResourceRef) => quoted(refWords(ref));

/** Text of a cluster is data: it stays on its line, and none of it is a link, an image, a mention or markup where it is pasted. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~@!]/g, '\\$&');

const fence = (text: string) => '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);

function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const ticks = fence(line);
  return ticks.length === 1 ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

function fenced(text: string): string[] {
  const ticks = '`'.repeat(Math.max(3, fence(text).length));
  return ['', `  ${ticks}`, ...text.split('\n').map((line) => `  ${line}`), `  ${ticks}`, ''];
}
