import type { LogItem } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { paint, plain } from './print.ts';
import { withSession } from './session.ts';
import type { CommonFlags } from './flags.ts';
import type { Run } from './verb.ts';

const SPAN = /^(\d+)(s|m|h|d)$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** First words that ask for what was learned of logs, instead of lines. */
const LEARNED: readonly string[] = ['patterns', 'watching', 'watch', 'unwatch', 'forget'];
const TONES = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'red'] as const;

export const run: Run = async (targets, flags) => {
  // `pod/patterns` is a pod of that name.
  if (LEARNED.includes(targets.flat()[0] ?? '')) return (await import('./log-patterns.ts')).run(targets, flags);
  const since = text(flags['since']);
  const span = since === undefined ? undefined : SPAN.exec(since);
  if (since !== undefined && span === null && Number.isNaN(Date.parse(since)))
    throw new Refusal({
      code: 'bad-input',
      message: `"${since}" is neither a span nor a time.`,
      hint: 'Write 90s, 10m, 2h, or 2026-11-20T08:15:00Z.',
    });
  const tail = text(flags['tail']);
  if (tail !== undefined && !/^\d+$/.test(tail)) throw new Refusal({ code: 'bad-input', message: '--tail takes a number of lines.' });
  return withSession(flags, async ({ client }) => {
    const { contexts } = await client.contexts.list({});
    const context = flags.context[0] ?? contexts.find((c) => c.current || contexts.length === 1)?.name;
    if (context === undefined)
      throw new Refusal({ code: 'context-unknown', message: 'No context is named and none is current.', hint: 'Pass --context.' });
    const labels = text(flags['selector']);
    const container = text(flags['container']);
    const match = text(flags['match']);
    const stream = await client.explore.logs({
      context,
      namespace: flags.namespace[0] ?? contexts.find((c) => c.name === context)?.namespace ?? 'default',
      // The parser gives the rest of the words as one list.
      targets: targets.flat().filter((t) => t !== undefined),
      previous: flags['previous'] === true,
      follow: flags['follow'] === true,
      masked: flags['verbatim'] !== true,
      ...(labels === undefined ? {} : { labels }),
      ...(container === undefined ? {} : { container }),
      ...(match === undefined ? {} : { match }),
      ...(tail === undefined ? {} : { tailLines: Number(tail) }),
      ...(since === undefined
        ? {}
        : span === null || span === undefined
          ? { sinceTime: new Date(since).toISOString() }
          : { sinceSeconds: Number(span[1]) * (SECONDS[span[2] ?? ''] ?? 1) }),
    });
    const seen = new Map<string, number>();
    let interrupted = false;
    process.once('SIGINT', () => (interrupted = true));
    try {
      for await (const item of stream) await write(flags, item, seen);
    } catch (error) {
      if (!interrupted) throw error;
    }
    return EXIT.ok;
  });
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Names are shown once there is more than one container; waits when the terminal or the pipe is slower. */
async function write(flags: CommonFlags & Readonly<Record<string, unknown>>, item: LogItem, seen: Map<string, number>): Promise<void> {
  if (item.type === 'note') {
    if (flags.quiet !== true) process.stderr.write(`${plain(`${item.pod} ${item.container}: ${item.text}`)}\n`);
    return;
  }
  if (flags.output === 'json')
    return out(item.lines.map((line) => JSON.stringify({ context: item.context, namespace: item.namespace, ...line })));
  for (const { pod, container } of item.lines) {
    const name = `${pod} ${container}`;
    if (!seen.has(name)) seen.set(name, seen.size);
  }
  const named = seen.size > 1;
  await out(
    item.lines.map(({ pod, container, at, line }) => {
      const name = `${pod} ${container}`;
      const tone = TONES[(seen.get(name) ?? 0) % TONES.length] ?? 'cyan';
      return `${named ? `${paint(flags, tone, name)} ` : ''}${flags['timestamps'] === true ? `${at} ` : ''}${plain(line.replaceAll('\t', '    '))}`;
    }),
  );
}

async function out(lines: readonly string[]): Promise<void> {
  if (lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
