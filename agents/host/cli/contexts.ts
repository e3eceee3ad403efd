import type { ContextRow } from '../../contract/index.ts';
import { EXIT, exitOf } from './exit.ts';
import { age, columns, progress, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const stateOf = (c: ContextRow): string => (c.reachable === null ? c.state : c.reachable ? 'reachable' : 'unreachable');

export const run: Run = (_args, flags) =>
  withSession(flags, async ({ client }) => {
    const wait = progress(flags);
    if (flags['probe'] === true) wait.say('asking each cluster …');
    const { contexts, problems, demo } = await client.contexts.list({ probe: flags['probe'] === true });
    wait.done();
    const wide = flags.output === 'wide';
    show(flags, { contexts, problems, demo }, () => {
      const heads = ['current', 'name', 'server', 'namespace', 'state', 'version', 'last seen', ...(wide ? ['user', 'file'] : []), 'note'];
      const rows = contexts.map((c) => [
        c.current ? '*' : '',
        c.name,
        c.server,
        c.namespace,
        stateOf(c),
        c.version ?? '-',
        age(c.lastSeen),
        ...(wide ? [c.user, c.file] : []),
        [c.demo ? 'demo' : '', c.protected ? 'protected' : '', c.failure?.message ?? ''].filter(Boolean).join(', '),
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
