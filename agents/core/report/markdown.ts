import type { IncidentReport, ReportLine } from '../../contract/reports.ts';

/** A report for a ticket, a wiki or a review; the numbers at the end of each line are entries of the log. */
export function reportMarkdown(report: Omit<IncidentReport, 'markdown'>): string {
  const { title, severity, context, code, incident, openedAt, resolvedAt, sections } = report;
  return [
    `# ${plain(title)}`,
    '',
    `${severity} · ${plain(context)} · ${code} · ${plain(incident)} · opened ${openedAt} · ${resolvedAt === null ? 'still open' : `resolved ${resolvedAt}`}`,
    ...sections.flatMap((s) => ['', `## ${s.title}`, '', ...s.lines.flatMap(lineWords)]),
    '',
  ].join('\n');
}

function lineWords({ says, text, about, events, at }: ReportLine): string[] {
  const cited = `[${events.map((seq) => `#${seq}`).join(', ')}]`;
  const head = [...(at === undefined ? [] : [at]), ...(says === 'told' || says === 'message' ? [] : [says]), ...about.map(plain)].join(
    ' · ',
  );
  // A difference is read line by line; a text of several lines stays as it was.
  if (text.includes('\n')) return [`- ${head} ${cited}`, ...fenced(text)];
  return [`- ${head === '' ? '' : `${head}: `}${plain(text)} ${cited}`];
}

/** Text of a cluster is data: it stays on its line, and none of it is a link, an image, a mention or markup where it is pasted. */
const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~@!]/g, '\\$&');

/** Between fences longer than any run of backticks within, so that no text can end them. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return ['', `  ${ticks}`, ...text.split('\n').map((row) => `  ${row}`), `  ${ticks}`, ''];
}
