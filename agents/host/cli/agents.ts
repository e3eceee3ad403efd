import { EXIT } from './exit.ts';
import { age, columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = (_args, flags) =>
  withSession(flags, async ({ client }) => {
    const { agents } = await client.agents.list({});
    show(flags, { agents }, () =>
      columns(
        ['agent', 'title', 'state', 'checks', 'remedies', 'restarts', 'last report', 'watches'],
        agents.map((a) => [
          a.id,
          a.title,
          a.state,
          String(a.checks),
          String(a.remedies),
          String(a.restarts),
          age(a.lastReport),
          a.contexts.join(', ') || '-',
        ]),
      ),
    );
    return EXIT.ok;
  });
