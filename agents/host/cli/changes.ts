import { type Change, refWords } from '../../contract/index.ts';
import { contextNames } from './context-names.ts';
import { EXIT, Refusal, complain } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { age, columns, plain, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`, `30m`, `7d`, or a time, as RFC 3339. */
export function sinceWhen(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(s|m|min|h|d)$/.exec(text) ?? [];
  const at = new Date(count === undefined ? text : now - Number(count) * (UNITS[unit] ?? 0));
  if (Number.isNaN(at.getTime()))
    throw new Refusal({
      code: 'bad-input',
      message: `"${text}" is neither a time nor a span.`,
      hint: 'Write 30m, 2h, 7d, or 2026-11-20T08:15:00Z.',
    });
  return at.toISOString();
}

export const run: Run = ([resource], flags) => {
  const since = typeof flags['since'] === 'string' ? sinceWhen(flags['since'], Date.now()) : undefined;
  const limit = Number(flags['limit']);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Refusal({ code: 'bad-input', message: '--limit takes a whole number above 0.', hint: 'For example --limit 200.' });
  return withSession(flags, async ({ client }) => {
    const contexts = flags.context.length > 0 ? await contextNames(client, flags.context) : [(await currentContext(client, flags)).context];
    const exit = await connectAll(client, flags, contexts);
    const namespaces = flags.allNamespaces !== true && flags.namespace.length > 0 ? flags.namespace : [undefined];
    const asked = contexts.flatMap((context) =>
      namespaces.map((namespace) => ({ context, ...(namespace === undefined ? {} : { namespace }) })),
    );
    const more = { ...(since === undefined ? {} : { since }), ...(resource === undefined ? {} : { resource }), limit };
    const answers = await Promise.all(asked.map((one) => client.changes.list({ ...one, ...more })));
    const changes = answers
      .flatMap((answer) => answer.changes)
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
      .slice(0, limit);
    show(flags, { changes }, () => {
      if (changes.length === 0) return `No change is known of ${contexts.join(', ')}${since === undefined ? '' : ` since ${since}`}.`;
      if (flags.output === 'wide') return changes.flatMap(wide).map(plain).join('\n');
      return columns(
        ['when', 'context', 'change'],
        changes.map((c) => [`${age(c.at)} ago`, c.context, `${c.summary}${c.count > 1 ? ` (${c.count} times)` : ''}`]),
      );
    });
    return exit;
  });
};

/** All at the same time, for what one of them remembers is shown also when it cannot be reached; then it is said why. */
async function connectAll(client: Client, flags: CommonFlags, contexts: readonly string[]): Promise<number> {
  const wait = progress(flags);
  const open = new Set(contexts);
  const say = () => wait.say(`reading ${[...open].join(', ')} …`);
  say();
  const failures = await Promise.all(
    contexts.map(async (context) => {
      const failed = await client.cluster.connect({ context }).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      open.delete(context);
      say();
      return failed;
    }),
  );
  wait.done();
  return Math.max(EXIT.ok, ...failures.map((failed) => (failed === undefined ? EXIT.ok : complain(failed.error))));
}

/** Every field on a line of its own, each with its context. */
function wide({ context, at, resource, type, by, fields, beforeKnown, count }: Change): string[] {
  const who = by === null ? '' : ` by ${by.manager}${by.operation === undefined ? '' : ` (${by.operation})`}`;
  const why = by?.cause === undefined ? '' : `: ${JSON.stringify(by.cause)}`;
  const value = (text: string | null) => (text === null ? 'absent' : JSON.stringify(text));
  return [
    `${context}  ${at}  ${refWords(resource)} ${type}${who}${why}${count > 1 ? ` (${count} times)` : ''}`,
    ...fields.map((f) => `${context}      ${f.path.replace(/\s+/g, ' ')}${beforeKnown ? `: ${value(f.from)} -> ${value(f.to)}` : ''}`),
  ];
}
