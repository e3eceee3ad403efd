import type { AppParts } from '../app-parts.ts';
import { found, os } from './os.ts';

/** What happened in incidents, told from the log. */
export function reportProcedures({ store, reports }: AppParts) {
  return {
    reports: {
      list: os.reports.list.handler(async ({ input }) => {
        const over = (await store.incidents('resolved')).filter((i) => input.context === undefined || i.context === input.context);
        return {
          reports: [...over]
            .sort((a, b) => b.lastSeen.localeCompare(a.lastSeen))
            .map(({ id, context, title, severity, rootCause, lastSeen }) => ({
              incident: id,
              context,
              title,
              severity,
              code: rootCause.code,
              lastSeen,
            })),
        };
      }),
      get: os.reports.get.handler(async ({ input, errors }) =>
        found(await reports.of(input.incident), `incident ${input.incident} in the log`, errors),
      ),
    },
  };
}
