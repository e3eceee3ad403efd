import { writeFile } from 'node:fs/promises';
import type { LogPattern, LogPatterns, LogWatch, WatchReason } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { age, columns, plain, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

/** What was learned of logs: patterns, who is followed, and the choice of whom to follow. */

export const run: Run = (args, flags) => {
  const [action, target] = args.flat();
  const text = (name: string) => (typeof flags[name] === 'string' && flags[name] !== '' ? flags[name] : undefined);
  const level = text('level');
  if (level !== undefined && level !== 'error' && level !== 'warning' && level !== 'other')
    throw new Refusal({ code: 'bad-input', message: `"${level}" is no level.`, hint: 'error, warning or other.' });
  const limit = Number(text('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 2_000)
    throw new Refusal({ code: 'bad-input', message: '--limit takes a whole number from 1 to 2000.' });
  return withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    await connected(client, flags, context);
    switch (action) {
      case 'patterns': {
        const search = text('search');
        const answer = await client.logs.patterns({
          context,
          ...(target === undefined ? {} : { workload: target }),
          // All namespaces, unless one is named; a workload is in one.
          ...(flags.namespace[0] !== undefined || target !== undefined ? { namespace } : {}),
          ...(search === undefined ? {} : { search }),
          ...(level === undefined ? {} : { level }),
          news: flags['news'] === true,
          limit,
        });
        const file = text('export');
        if (file === undefined) show(flags, answer, () => patternWords(answer, flags));
        else {
          await writeFile(file, exported(file, answer));
          if (flags.quiet !== true) process.stderr.write(`${answer.patterns.length} patterns are in ${file}.\n`);
        }
        return EXIT.ok;
      }
      case 'watching': {
        const answer = await client.logs.watching({ context });
        show(flags, answer, () => watchWords(answer));
        return EXIT.ok;
      }
      case 'watch':
      case 'unwatch': {
        if (target === undefined) throw missing(action);
        const answer = await client.logs.watch({ context, namespace, workload: target, on: action === 'watch' });
        show(flags, answer, () =>
          answer.chosen.length === 0
            ? `Nobody is followed by choice in ${context}.`
            : `Followed by choice in ${context}: ${answer.chosen.map((c) => `${c.namespace}/${c.workload}`).join(', ')}.`,
        );
        return EXIT.ok;
      }
      default: {
        const answer = await client.logs.forget({ context });
        show(flags, answer, () => `${answer.patterns} patterns of ${context} are forgotten.`);
        return EXIT.ok;
      }
    }
  });
};

const missing = (action: string) =>
  new Refusal({
    code: 'bad-input',
    message: 'There is no workload named.',
    hint: `For example quarterdeck logs ${action} deploy/checkout -n shop.`,
  });

async function connected(client: Client, flags: CommonFlags, context: string): Promise<void> {
  const wait = progress(flags);
  wait.say(`reading ${context} …`);
  await client.cluster.connect({ context }).finally(() => wait.done());
}

function patternWords({ patterns, truncated, workloads }: LogPatterns, flags: CommonFlags): string {
  if (workloads === 0) return 'No logs are followed that this asks about.';
  if (patterns.length === 0)
    return `Nothing like that was logged by the ${workloads === 1 ? 'one workload' : `${workloads} workloads`} asked about.`;
  const wide = flags.output === 'wide';
  return [
    columns(
      ['news', 'level', 'workload', 'lines', '/min', 'pods', 'first', 'last', 'since rev.', 'pattern'],
      patterns.map((p) => [
        p.news === null ? '' : `${p.news.kind}${p.news.active ? '' : ', over'}`,
        p.level === 'other' ? '' : p.level,
        `${p.namespace}/${p.workload}`,
        String(p.count),
        String(p.perMinute),
        String(p.pods),
        age(p.firstSeen),
        age(p.lastSeen),
        p.sinceRevision ?? '-',
        wide ? p.text : short(p.text, 110),
      ]),
    ),
    ...patterns.flatMap((p) =>
      p.news === null && !wide
        ? []
        : [
            '',
            plain(`${p.namespace}/${p.workload} (${p.sample.pod}): ${p.news?.because ?? p.text}`),
            ...[p.sample.line, ...p.sample.trace].map((l) => plain(`  ${l}`)),
          ],
    ),
    ...(truncated ? ['', 'There are more; ask for less with --search, --level, --news, or for more with --limit.'] : []),
  ].join('\n');
}

const REASONS: Readonly<Record<WatchReason, string>> = {
  chosen: 'it was chosen',
  incident: 'of an incident, or asked about',
  rollout: 'rolled out lately',
  restarts: 'restarted lately',
  small: 'the cluster is small',
};

function watchWords(watch: LogWatch): string {
  return [
    watch.workloads.length === 0
      ? `No logs of ${watch.context} are followed.`
      : columns(
          ['workload', 'because', 'containers', 'since', 'revision', 'lines', 'patterns'],
          watch.workloads.map((w) => [
            `${w.namespace}/${w.workload}`,
            REASONS[w.because],
            `${w.streams} of ${w.containers}`,
            age(w.since),
            w.revision ?? '-',
            String(w.lines),
            String(w.patterns),
          ]),
        ),
    `${watch.streams} of at most ${watch.mostStreams} streams; ${kib(watch.bytes)} read, ${kib(watch.bytesPerSecond)} a second${watch.skippedBytes === 0 ? '' : `; ${kib(watch.skippedBytes)} came faster than is read and were left out`}${watch.leftOut === 0 ? '' : `; ${watch.leftOut} more workloads are worth it and have no room`}.`,
    ...watch.notes.slice(-10).map((n) => plain(`${age(n.at)} ago, ${n.namespace}/${n.pod} ${n.container}: ${n.text}`)),
  ].join('\n');
}

const kib = (bytes: number): string => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`);
const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const HEADS = [
  'id',
  'namespace',
  'workload',
  'level',
  'lines',
  'per_minute',
  'first_seen',
  'last_seen',
  'since_revision',
  'news',
  'pattern',
  'sample',
] as const;

const cells = (p: LogPattern): string[] => [
  p.id,
  p.namespace,
  p.workload,
  p.level,
  String(p.count),
  String(p.perMinute),
  p.firstSeen,
  p.lastSeen,
  p.sinceRevision ?? '',
  p.news?.kind ?? '',
  p.text,
  p.sample.line,
];

/** As the ending of the file's name says. A cell that a spreadsheet would calculate is text. */
function exported(file: string, { patterns }: LogPatterns): string {
  if (file.endsWith('.json')) return `${JSON.stringify({ patterns }, null, 2)}\n`;
  if (!file.endsWith('.csv'))
    throw new Refusal({ code: 'bad-input', message: `${file} has no ending that says what it is to be.`, hint: 'Name it .csv or .json.' });
  const quoted = (cell: string) => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
  return [HEADS.join(','), ...patterns.map((p) => cells(p).map(quoted).join(','))].join('\r\n') + '\r\n';
}
