import { type Maintenance, type Window, WindowSchema, scopeWords } from '../../contract/index.ts';
import { personHere } from '../person.ts';
import { contextNames } from './context-names.ts';
import { untilWhen } from './dismiss.ts';
import { EXIT, Refusal } from './exit.ts';
import { columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

type Flags = Parameters<Run>[1];
type Action = (id: string | undefined, flags: Flags) => Promise<number>;

const bad = (message: string, hint?: string) => new Refusal({ code: 'bad-input', message, ...(hint === undefined ? {} : { hint }) });
const textOf = (flags: Flags, name: string): string | undefined => {
  const given = flags[name];
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined;
};

/** `sat,sun 02:00-04:00`, or `02:00-04:00` for every day. */
function windowOf(text: string, timezone: string | undefined): Window {
  const [, days, from, to] = /^(?:([a-z,]+)\s+)?(\d{2}:\d{2})-(\d{2}:\d{2})$/i.exec(text) ?? [];
  const parsed = WindowSchema.safeParse({
    from,
    to,
    ...(days === undefined ? {} : { days: days.toLowerCase().split(',') }),
    ...(timezone === undefined ? {} : { timezone }),
  });
  if (from === undefined || !parsed.success)
    throw bad(
      `"${text}"${timezone === undefined ? '' : ` in ${timezone}`} is no time that comes again.`,
      'Write days and hours: --every "sat,sun 02:00-04:00" --timezone Europe/Berlin',
    );
  return parsed.data;
}

const listHint = 'quarterdeck maintenance lists what is announced.';

const ACTIONS: Readonly<Record<string, Action>> = {
  list: (_, flags) =>
    withSession(flags, async ({ client }) => {
      const contexts = await contextNames(client, flags.context);
      const { maintenance } = await client.maintenance.list({});
      const wanted = maintenance.filter((m) => contexts.length === 0 || contexts.includes(m.context));
      show(flags, { maintenance: wanted }, () =>
        wanted.length === 0
          ? 'No maintenance is announced.'
          : columns(
              ['maintenance', 'now', 'context', 'of', 'from', 'until', 'by', 'reason'],
              wanted.map((m) => [
                m.id,
                m.active ? 'running' : 'waiting',
                m.context,
                scopeWords(m.scope),
                m.window === undefined ? m.from : windowWords(m.window),
                m.until ?? 'it is ended',
                m.by,
                m.reason,
              ]),
            ),
      );
      return EXIT.ok;
    }),
  add: (_, flags) => {
    const reason = textOf(flags, 'reason');
    if (reason === undefined) throw bad('Maintenance needs a reason.', 'For example --reason "new disks, ticket 4711".');
    const object = /^([^/]+)\/([^/]+)$/.exec(textOf(flags, 'object') ?? '');
    if (textOf(flags, 'object') !== undefined && object === null)
      throw bad(
        `"${textOf(flags, 'object') ?? ''}" names no object.`,
        'Write KIND/NAME: --object Deployment/web -n shop, or --object Node/worker-3.',
      );
    if (flags.namespace.length > 1 || flags.context.length > 1)
      throw bad('One maintenance is of one cluster, and of one namespace at most.', 'Announce one for each.');
    const [namespace] = flags.namespace;
    const now = Date.now();
    const [from, until, every] = [textOf(flags, 'from'), textOf(flags, 'until'), textOf(flags, 'every')];
    const window = every === undefined ? undefined : windowOf(every, textOf(flags, 'timezone'));
    const scope = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(object === null ? {} : { object: { kind: object[1] ?? '', name: object[2] ?? '' } }),
    };
    const begins = from === undefined ? now : Date.parse(untilWhen(from, now));
    return withSession(flags, async ({ client }) => {
      const added = await client.maintenance.add({
        ...{ scope, reason, by: personHere() },
        ...(flags.context[0] === undefined ? {} : { context: flags.context[0] }),
        ...(from === undefined ? {} : { from: new Date(begins).toISOString() }),
        // A span is counted from its beginning.
        ...(until === undefined ? {} : { until: untilWhen(until, begins) }),
        ...(window === undefined ? {} : { window }),
      });
      show(flags, added, () => saying(added));
      return EXIT.ok;
    });
  },
  end: (id, flags) => {
    if (id === undefined) throw bad('Name the maintenance that is over.', listHint);
    return withSession(flags, async ({ client }) => {
      const ended = await client.maintenance.end({ id, by: personHere() });
      show(
        flags,
        ended,
        () => `The maintenance of ${scopeWords(ended.scope)} in ${ended.context} is over. What is still wrong is told now.`,
      );
      return EXIT.ok;
    });
  },
};

const windowWords = ({ days, from, to, timezone }: Window): string =>
  `${days === undefined ? 'daily' : days.join(',')} ${from}-${to} ${timezone}`;

function saying({ id, context, scope, from, until, window }: Maintenance): string {
  const when = [window === undefined ? `from ${from}` : windowWords(window), until === null ? 'until it is ended' : `until ${until}`];
  return `${scopeWords(scope)} in ${context} is in maintenance ${when.join(' ')}.\nWhat goes wrong in it is kept, and told when it is over: quarterdeck maintenance end ${id}`;
}

export const run: Run = ([action = 'list', id], flags) => {
  const act = ACTIONS[action];
  if (act === undefined) throw bad(`There is no maintenance ${action}.`, `Use ${Object.keys(ACTIONS).join(', ')}.`);
  return act(id, flags);
};
