import type { Shell } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** Starting with the session, and newer versions: both off unless a person turned them on. */
export function shellProcedures({ ports, store, updates }: Pick<AppParts, 'ports' | 'store' | 'updates'>) {
  const now = (): Shell => ({ startsWithSession: ports.sessionStart?.get() ?? null, updates: updates.now() });
  return {
    shell: {
      get: os.shell.get.handler(now),
      startWithSession: os.shell.startWithSession.handler(({ input: { on }, errors }) => {
        if (ports.sessionStart === undefined)
          return must<Shell>(
            {
              ok: false,
              failure: {
                code: 'invalid',
                message: 'Quarterdeck cannot arrange here to be started with the session.',
                hint: 'Use the system’s own settings for it.',
              },
            },
            errors,
          );
        ports.sessionStart.set(on);
        return now();
      }),
      followUpdates: os.shell.followUpdates.handler(async ({ input: { feed, by } }) => {
        await store.append([{ type: 'updates.followed', feed: feed?.url ?? null, by }]);
        await updates.follow(feed);
        return now();
      }),
      checkUpdates: os.shell.checkUpdates.handler(async () => {
        await updates.check();
        return now();
      }),
    },
  };
}
