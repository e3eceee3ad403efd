import { EXIT } from './exit.ts';
import { paint, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = (_args, flags) =>
  withSession(flags, async ({ client }) => {
    const report = await client.app.doctor({});
    show(flags, report, () =>
      report.checks
        .map(
          (c) =>
            `${paint(flags, c.status === 'ok' ? 'dim' : c.status === 'warn' ? 'yellow' : 'red', c.status.padEnd(5))} ${c.name}: ${c.message}${c.hint === undefined ? '' : `\n      ${c.hint}`}`,
        )
        .join('\n'),
    );
    return report.ok ? EXIT.ok : EXIT.usage;
  });
