import type { ContextRow } from '../../contract/index.ts';
import { nearest } from '../../core/nearest.ts';
import { EXIT, Refusal, exitOf } from './exit.ts';
import { age, columns, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const ACTIONS = ['list', 'mark', 'use', 'add', 'remove'];

const stateOf = (c: ContextRow): string => (c.reachable === null ? c.state : c.reachable ? 'reachable' : 'unreachable');

/** How old what is known of it is; only a watched cluster is current. */
const dataOf = (c: ContextRow): string => (c.state === 'connected' ? 'now' : c.asOf === null ? '-' : `${age(c.asOf)} ago`);

const staleOf = (c: ContextRow): string => (c.stale.length === 0 ? '' : `not watched for now: ${c.stale.join(', ')}`);

/** What there is to say beside the columns; a word a mark, then why it cannot be reached. */
const noteOf = (c: ContextRow): string =>
  [c.demo ? 'demo' : '', c.protected ? 'protected' : '', c.readOnly ? 'read-only' : '', c.color ?? '', staleOf(c), c.failure?.message ?? '']
    .filter(Boolean)
    .join(', ');

export const run: Run = async (args, flags) => {
  const [action = 'list'] = args;
  if (action === 'list') return list(args, flags);
  if (ACTIONS.includes(action)) return (await import('./contexts-change.ts')).run(args, flags);
  const near = nearest(action, ACTIONS);
  throw new Refusal({
    code: 'bad-input',
    message: `quarterdeck contexts does not know "${action}".`,
    hint: near === undefined ? `There are: ${ACTIONS.join(', ')}.` : `Did you mean quarterdeck contexts ${near}?`,
  });
};

const list: Run = (_args, flags) =>
  withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    if (flags['probe'] === true) wait.say('asking each cluster …');
    const { contexts, problems, demo, added } = await client.contexts.list({ probe: flags['probe'] === true });
    wait.done();
    const wide = flags.output === 'wide';
    show(flags, { contexts, problems, demo, added }, () => {
      const more = wide ? ['namespace', 'user', 'file'] : [];
      const heads = ['current', 'name', 'group', 'server', 'state', 'data as of', 'version', 'last seen', ...more, 'note'];
      const rows = contexts.map((c) => [
        c.current ? '*' : '',
        c.alias === null ? c.name : `${c.name} (${c.alias})`,
        c.group ?? '',
        c.server,
        stateOf(c),
        dataOf(c),
        c.version ?? '-',
        age(c.lastSeen),
        ...(wide ? [c.namespace, c.user, c.file] : []),
        noteOf(c),
      ]);
      return contexts.length === 0 ? 'No context is configured.' : columns(heads, rows);
    });
    for (const { file, failure } of problems)
      process.stderr.write(
        `${failure.message.includes(file) ? '' : `${file}: `}${failure.message}\n${failure.hint === undefined ? '' : `${failure.hint}\n`}`,
      );
    if (contexts.length === 0 && problems[0] !== undefined) return exitOf(problems[0].failure.code);
    return EXIT.ok;
  });
