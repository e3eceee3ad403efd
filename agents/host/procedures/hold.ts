import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** The red stop. */
export function holdProcedures({ hold, ports, store }: AppParts) {
  return {
    hold: {
      get: os.hold.get.handler(() => hold.now()),
      set: os.hold.set.handler(async ({ input: { by, reason }, errors }) => {
        const held = hold.hold(by, new Date(ports.clock.now()).toISOString(), reason);
        await store.append([{ type: 'agents.held', by, ...(reason === undefined ? {} : { reason }) }]);
        return must(held, errors);
      }),
      release: os.hold.release.handler(async ({ input: { by }, errors }) => {
        if (!hold.now().held) return hold.now();
        // First the entry, then the deed: without a log that says who, nobody is let go.
        await store.append([{ type: 'agents.released', by }]);
        return must(hold.release(), errors);
      }),
    },
  };
}
