import type { AppParts } from '../app-parts.ts';
import { os } from './os.ts';

/** Whether the log can be trusted, and how its beginning is let go. */
export function auditProcedures({ ports, store }: AppParts) {
  return {
    audit: {
      verify: os.audit.verify.handler(async () => {
        const begun = performance.now();
        const { log, replay } = await store.audit();
        return {
          checkedAt: new Date(ports.clock.now()).toISOString(),
          durationMs: Math.round(performance.now() - begun),
          log: { ...log, unvouched: [...log.unvouched] },
          replay,
        };
      }),
      prune: os.audit.prune.handler(async ({ input }) => {
        const { removed, upTo } = await store.prune(input.before);
        if (upTo !== null) await store.append([{ type: 'log.pruned', upTo, removed, by: input.by }]);
        return { removed, upTo };
      }),
    },
  };
}
