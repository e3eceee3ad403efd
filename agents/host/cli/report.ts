import { contextNames } from './context-names.ts';
import { EXIT } from './exit.ts';
import { age, columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

export const run: Run = ([incident], flags) =>
  withSession(flags, async ({ client }) => {
    if (incident !== undefined) {
      const report = await client.reports.get({ incident });
      show(flags, report, () => report.markdown.trimEnd());
      return EXIT.ok;
    }
    const contexts = await contextNames(client, flags.context);
    const reports = (await client.reports.list({})).reports.filter((r) => contexts.length === 0 || contexts.includes(r.context));
    show(flags, { reports }, () =>
      reports.length === 0
        ? 'No incident is over yet. quarterdeck report INCIDENT tells of one that is still open.'
        : columns(
            ['incident', 'severity', 'context', 'last seen', 'title'],
            reports.map((r) => [r.incident, r.severity, r.context, age(r.lastSeen), r.title]),
          ),
    );
    return EXIT.ok;
  });
