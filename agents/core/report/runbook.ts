import type { Plan, PastIncident } from '../../contract/index.ts';
import { refWords } from '../../contract/index.ts';
import { commandOf } from './runbook-commands.ts';

/** The sections a runbook of the team has, in their order. What people write between them stays. */
const SECTIONS = ['What it means', 'Seen', 'What helped', 'What did not help'] as const;
type Section = (typeof SECTIONS)[number];

export interface Family {
  readonly code: string;
  readonly title: string;
  /** What the check says of it: stands in a runbook that is new. */
  readonly doc: string;
}

/**
 * A runbook with what one time of an incident taught: that it was seen, what helped and what did not, each with the entries of the log.
 * `current` is undefined where there is none yet. The same time is taken in once: the text then stays as it is.
 */
export function amendedRunbook(current: string | undefined, family: Family, time: PastIncident, plans: readonly Plan[]): string {
  const fresh = `# ${family.title} (${family.code}): what we have learned\n\n## What it means\n\n${family.doc}\n`;
  const text = current ?? fresh;
  const mark = `entries ${time.opened} to ${time.resolved}`;
  if (text.includes(`[${time.id}, ${mark}]`)) return text;
  const seen = `- ${time.openedAt.slice(0, 16).replace('T', ' ')}, ${plain(time.context)}: ${plain(time.title)} [${time.id}, ${mark}]`;
  let amended = added(text, 'Seen', seen);
  for (const settled of time.plans) {
    const section = settled.state === 'done' ? 'What helped' : settled.state === 'rolledBack' ? 'What did not help' : undefined;
    if (section === undefined) continue;
    const plan = plans.find((p) => p.id === settled.plan);
    amended = added(
      amended,
      section,
      section === 'What helped' ? helped(settled, plan) : `- ${plain(settled.title)}: ${plain(settled.because)} [#${settled.settled}]`,
    );
  }
  return amended;
}

type Settled = PastIncident['plans'][number];

function helped({ title, settled }: Settled, plan: Plan | undefined): string {
  const steps = (plan?.actions ?? []).map((action) => ({ action, command: commandOf(action.spec) }));
  const commands = steps.flatMap(({ command }) => (command === undefined ? [] : [command]));
  const untold = steps.filter(({ command }) => command === undefined).map(({ action }) => refWords(action.target));
  return [
    `- ${plain(title)} [#${settled}]`,
    ...(commands.length === 0 ? [] : ['', '  ```sh', ...commands.flatMap((c) => c.split('\n')).map((line) => `  ${line}`), '  ```', '']),
    ...(untold.length === 0
      ? []
      : [`  The change of ${untold.map(plain).join(', ')} is not written out: it holds values that are not kept.`]),
  ]
    .join('\n')
    .trimEnd();
}

/** The text with one more point at the end of a section; the section is made where it is not there. */
function added(text: string, section: Section, point: string): string {
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => line.trim() === `## ${section}`);
  if (at < 0) {
    const later = SECTIONS.slice(SECTIONS.indexOf(section) + 1);
    const before = lines.findIndex((line) => later.some((s) => line.trim() === `## ${s}`));
    const made = [`## ${section}`, '', point];
    if (before < 0) return [...lines, '', ...made, ''].join('\n');
    return [...lines.slice(0, before), ...made, '', ...lines.slice(before), ''].join('\n');
  }
  const next = lines.findIndex((line, i) => i > at && /^#{1,2} /.test(line));
  const end = next < 0 ? lines.length : next;
  const body = lines
    .slice(at + 1, end)
    .join('\n')
    .trim();
  if (body.split('\n').includes(point.split('\n')[0] ?? point)) return text;
  return [...lines.slice(0, at + 1), '', ...(body === '' ? [] : [body]), point, '', ...lines.slice(end)].join('\n').trimEnd() + '\n';
}

/** Text of a cluster is data: on its line, and no markup. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&');
