import { app } from 'electron';
import type { SessionStart } from '../agents/host/ports/ports.ts';

/** Started with the session: off unless somebody turns it on. Linux has no common way to it, so there it is not offered. */
export const sessionStart: SessionStart | undefined =
  process.platform === 'linux'
    ? undefined
    : {
        get: () => app.getLoginItemSettings().openAtLogin,
        set: (on) => app.setLoginItemSettings({ openAtLogin: on }),
      };
