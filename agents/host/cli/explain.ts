import { type Explanation, type LogSummary, type Reader, ReaderSchema } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { linesOf } from './lines.ts';
import { plain, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

const LONGEST_LINE = 2_000;
/** What is newest says why something ended: so many of the last lines are read, and so many of their characters sent. */
const MOST_LINES = 20_000;
const MOST_CHARACTERS = 1_500_000;

export const run: Run = async ([incident], flags) => {
  const reader = ReaderSchema.safeParse(flags['for']);
  if (!reader.success) throw bad('--for takes operator, manager or developer.');
  const { log } = flags;
  const isTimeline = flags['timeline'] === true;
  if (typeof log === 'string') {
    if (incident !== undefined || isTimeline) throw bad('--log is about a log alone.', 'Leave the incident and --timeline away.');
    const lines = await lastLines(log);
    if (lines.length === 0) throw bad(`There is no line in ${log === '-' ? 'the standard input' : log}.`);
    return withSession(flags, (s) => said(flags, s.client.explain.log({ lines, for: reader.data })), false);
  }
  if (incident === undefined)
    throw bad('Which incident is to be explained?', 'quarterdeck incidents lists them; a log is explained with --log FILE.');
  return withSession(flags, ({ client }) => said(flags, worded(client, incident, reader.data, isTimeline)));
};

const worded = (client: Client, id: string, reader: Reader, isTimeline: boolean) =>
  client.explain.incident({ id, for: reader, of: isTimeline ? 'timeline' : 'cause' });

async function said(flags: CommonFlags, asked: Promise<Explanation | LogSummary>): Promise<number> {
  const bar = progress(flags);
  bar.say('Putting it into words…');
  const explanation = await asked.finally(() => bar.done());
  const { text, by, refused } = explanation;
  show(flags, explanation, () => plain(text));
  if (refused !== null && flags.quiet !== true) process.stderr.write(`The words are the template's: ${plain(refused)}.\n`);
  else if (by !== null && flags.quiet !== true) process.stderr.write(`Worded by ${by.model} (${by.where}), and held against the facts.\n`);
  return EXIT.ok;
}

async function lastLines(file: string): Promise<string[]> {
  let lines: string[] = [];
  for await (const more of linesOf(file, LONGEST_LINE)) {
    lines.push(...more);
    if (lines.length > 2 * MOST_LINES) lines = lines.slice(-MOST_LINES);
  }
  let characters = 0;
  const from = lines.findLastIndex((line) => (characters += line.length + 1) > MOST_CHARACTERS);
  return lines.slice(Math.max(from + 1, lines.length - MOST_LINES));
}

const bad = (message: string, hint?: string) => new Refusal({ code: 'bad-input', message, ...(hint === undefined ? {} : { hint }) });
