import { resolve } from 'node:path';
import type { MetricSeries, RunningOut, SignalNews, Unusual } from '../../contract/index.ts';
import { inUnit } from '../../core/signals/watch.ts';
import { sinceWhen } from './changes.ts';
import { isWithin } from './context-names.ts';
import { EXIT, Refusal } from './exit.ts';
import { LEARNED } from './metrics-learned.ts';
import { age, columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

export const run: Run = ([action, what], flags) => {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const number = (name: string): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = Number(given);
    if (!(value > 0)) throw new Refusal({ code: 'bad-input', message: `--${name} takes a number above 0.` });
    return value;
  };
  const when = (name: string) => {
    const given = text(name);
    return given === undefined ? undefined : sinceWhen(given, Date.now());
  };
  const [start, end, time] = [when('start'), when('end'), when('at')];
  const limit = number('limit') ?? 100;
  if (!Number.isInteger(limit)) throw new Refusal({ code: 'bad-input', message: '--limit takes a whole number.' });
  return withSession(flags, async ({ client }) => {
    const { context } = await currentContext(client, flags);
    const learned = LEARNED[action ?? ''];
    if (learned !== undefined) return learned({ client, context, what, flags, out: text('out') });
    switch (action) {
      case 'sources': {
        await client.cluster.connect({ context });
        const answer = await client.metrics.sources({ context });
        show(flags, answer, () =>
          [
            columns(
              ['SOURCE', 'STATE', 'VALUES', 'READ', 'SAYS'],
              answer.sources.map((s) => [
                `${s.kind} ${s.name}`,
                s.state,
                `${s.samples}`,
                age(s.lastAt),
                s.needs === null ? s.because : `${s.because} (needs ${s.needs})`,
              ]),
            ),
            ...answer.gaps,
            `${answer.live} series are written, each ${answer.everySeconds ?? '-'} s; ${answer.stored.series} are kept in ${bytes(answer.stored.bytes)}, since ${answer.stored.since ?? 'now'}.`,
          ].join('\n'),
        );
        return EXIT.ok;
      }
      case 'signals': {
        const all = await client.signals.list({ context });
        const here = ({ labels }: Unusual | RunningOut) => isWithin(flags, [labels['namespace']]);
        const news = { ...all, unusual: all.unusual.filter(here), runningOut: all.runningOut.filter(here) };
        show(flags, news, () => signalWords(news));
        return EXIT.ok;
      }
      case 'query': {
        if (what === undefined) throw missing('a question');
        const step = number('step');
        const answer = await client.metrics.query({
          context,
          query: what,
          limit,
          ...(start === undefined ? {} : { start }),
          ...(end === undefined ? {} : { end }),
          ...(time === undefined ? {} : { time }),
          ...(step === undefined ? {} : { step }),
        });
        show(flags, answer, () =>
          [
            ...answer.warnings.map((warning) => `Note: ${warning}`),
            answer.text ?? (answer.series.length === 0 ? 'Nothing is known that answers this.' : tabled(answer.series)),
            ...(answer.truncated ? [`There are more series than ${limit}.`] : []),
          ].join('\n'),
        );
        return EXIT.ok;
      }
      case 'series': {
        const answer = await client.metrics.series({ context, limit, ...(what === undefined ? {} : { match: what }) });
        const none = answer.series.length === 0 ? [`No series of ${context} is called that.`] : [];
        show(flags, answer, () =>
          [...none, ...answer.series.map(named), ...(answer.truncated ? [`There are more than ${limit}.`] : [])].join('\n'),
        );
        return EXIT.ok;
      }
      case 'keep': {
        const [days, megabytes] = [number('days'), number('megabytes')];
        const kept = await client.metrics.keep({
          context,
          ...(days === undefined ? {} : { days }),
          ...(megabytes === undefined ? {} : { megabytes }),
        });
        show(flags, kept, () => `${kept.series} series of ${context} in ${bytes(kept.bytes)}, since ${kept.since ?? 'now'}.`);
        return EXIT.ok;
      }
      case 'pace': {
        const everySeconds = number('every');
        if (everySeconds !== undefined && (everySeconds < 2 || everySeconds > 300))
          throw new Refusal({ code: 'bad-input', message: '--every takes a number of seconds from 2 to 300.' });
        const set = await client.metrics.pace({ context, ...(everySeconds === undefined ? {} : { everySeconds }) });
        show(flags, set, () =>
          set.everySeconds === null
            ? `The metrics of ${context} are read as often as its size has it: each 15 s, or each 30 s from 500 pods on.`
            : `The metrics of ${context} are read each ${set.everySeconds} s.`,
        );
        return EXIT.ok;
      }
      case 'use': {
        if (what === undefined) throw missing('a URL, or none');
        const [tokenFile, user, passwordFile] = [text('tokenFile'), text('user'), text('passwordFile')];
        const named = await client.metrics.prometheus({
          context,
          ...(what === 'none' ? {} : { url: what }),
          ...(tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) }),
          ...(user === undefined ? {} : { user }),
          ...(passwordFile === undefined ? {} : { passwordFile: resolve(passwordFile) }),
        });
        show(flags, named, () =>
          named.url === null ? `${context} has no Prometheus of its own naming.` : `${context} is asked about at ${named.url}.`,
        );
        return EXIT.ok;
      }
      case 'forget': {
        const { series } = await client.metrics.forget({ context });
        show(flags, { series }, () => `${series} series of ${context} are forgotten.`);
        return EXIT.ok;
      }
      default:
        throw new Refusal({
          code: 'bad-input',
          message: `metrics has no action ${action ?? ''}.`,
          hint: 'sources, signals, query, series, trends, sizing, traffic, rules, use, pace, keep, forget.',
        });
    }
  });
};

function signalWords({ unusual, runningOut, watched, learning, leftOut, at }: SignalNews): string {
  if (at === null) return 'No metrics of this cluster have arrived since the app was started.';
  const left = leftOut === 0 ? '' : `, ${leftOut} are too many to be judged`;
  return [
    runningOut.length === 0
      ? 'No limit is about to be reached.'
      : columns(
          ['RUNS OUT', 'NOW', 'LIMIT', 'AT', 'BETWEEN', 'SURE', 'BECAUSE'],
          runningOut.map((r) => [
            named({ __name__: r.signal, ...r.labels }),
            inUnit(r.signal, r.value),
            inUnit(r.signal, r.limit),
            r.exhaustsAt,
            `${r.earliest} and ${r.latest}`,
            `${Math.round(100 * r.confidence)} %`,
            r.because,
          ]),
        ),
    unusual.length === 0
      ? 'Nothing is unusual.'
      : columns(
          ['UNUSUAL', 'NOW', 'EXPECTED', 'SCORE', 'SINCE', 'SILENT AFTER'],
          unusual.map((u) => [
            named({ __name__: u.signal, ...u.labels }),
            inUnit(u.signal, u.value),
            `${inUnit(u.signal, Math.max(0, u.low))} to ${inUnit(u.signal, u.high)}`,
            u.score.toFixed(2),
            u.since,
            u.silentWhen,
          ]),
        ),
    `${watched} series are judged, ${learning} of them are still being learned${left}; the newest value is of ${at}.`,
  ].join('\n');
}

const missing = (what: string) =>
  new Refusal({ code: 'bad-input', message: `There is not ${what}.`, hint: "For example quarterdeck metrics query 'workload_cpu_cores'." });

function tabled(series: readonly MetricSeries[]): string {
  const single = series.every((s) => s.values.length === 1);
  if (single)
    return columns(
      ['SERIES', 'VALUE'],
      series.map((s) => [named(s.labels), `${s.values[0] ?? ''}`]),
    );
  return series
    .map((s) => [named(s.labels), ...s.at.map((at, i) => `  ${new Date(at).toISOString()}  ${s.values[i] ?? ''}`)].join('\n'))
    .join('\n');
}

function named({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}

const bytes = (count: number): string => (count < 2 ** 20 ? `${Math.ceil(count / 1024)} KiB` : `${(count / 2 ** 20).toFixed(1)} MiB`);
