import { type Change, refWords } from '../../contract/index.ts';
import { EXIT, Refusal, complain } from './exit.ts';
import { age, columns, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`, `30m`, `7d`, or a time, as RFC 3339. */
export function sinceWhen(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(s|m|min|h|d)$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : now - Number(count) * (UNITS[unit] ?? 0);
  if (Number.isNaN(at))
    throw new Refusal({
      code: 'bad-input',
      message: `"${text}" is neither a time nor a span.`,
      hint: 'Write 30m, 2h, 7d, or 2026-11-20T08:15:00Z.',
    });
  return new Date(at).toISOString();
}

export const run: Run = ([resource], flags) => {
  const since = typeof flags['since'] === 'string' ? sinceWhen(flags['since'], Date.now()) : undefined;
  return withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    const { contexts } = await client.contexts.list({});
    const current = contexts.find((c) => c.current)?.name;
    const asked = flags.context.length > 0 ? flags.context : current === undefined ? [] : [current];
    let exit: number = EXIT.ok;
    const changes: Change[] = [];
    for (const context of asked) {
      wait.say(`reading ${context} …`);
      try {
        await client.cluster.connect({ context });
      } catch (error) {
        // What is remembered of it is shown all the same.
        wait.done();
        exit = Math.max(exit, complain(error));
      }
      const namespaces = flags.namespace.length > 0 ? flags.namespace : [undefined];
      for (const namespace of namespaces)
        changes.push(
          ...(
            await client.changes.list({
              context,
              ...(since === undefined ? {} : { since }),
              ...(resource === undefined ? {} : { resource }),
              ...(namespace === undefined ? {} : { namespace }),
              limit: Number(flags['limit']),
            })
          ).changes,
        );
    }
    wait.done();
    changes.sort((a, b) => (a.at < b.at ? 1 : -1));
    show(flags, { changes }, () => {
      if (changes.length === 0) return 'No change is known.';
      if (flags.output === 'wide') return changes.map(wide).join('\n');
      return columns(
        ['when', 'context', 'change'],
        changes.map((c) => [`${age(c.at)} ago`, c.context, `${c.summary}${c.count > 1 ? ` (${c.count} times)` : ''}`]),
      );
    });
    return exit;
  });
};

/** Every field on a line of its own. */
function wide(change: Change): string {
  const { context, at, resource, type, by, fields } = change;
  const head = `${at}  ${context}  ${refWords(resource)} ${type}${by === null ? '' : ` by ${by.manager}`}`;
  const value = (text: string | null) => (text === null ? 'absent' : JSON.stringify(text));
  return [head, ...fields.map((f) => `    ${f.path}${change.beforeKnown ? `: ${value(f.from)} -> ${value(f.to)}` : ''}`)].join('\n');
}
