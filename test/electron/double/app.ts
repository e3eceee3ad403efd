import type { App } from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, onAllClosed } from './browser-window.ts';
import { loud, note } from './loud.ts';

/** Where instances of the app find each other: a folder that the first one makes. */
const instance = () => join(process.env['ELECTRON_DOUBLE_DIR'] ?? '', 'instance');
let startsWithSession = false;

/** The first instance gets the lock, and hears the arguments of the others, who do not. */
function requestSingleInstanceLock(): boolean {
  const folder = instance();
  if (existsSync(folder)) {
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(process.argv));
    return false;
  }
  mkdirSync(folder, { recursive: true });
  const hear = () => {
    for (const file of existsSync(folder) ? readdirSync(folder) : []) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (text === '') continue;
      rmSync(join(folder, file));
      app.emit('second-instance', {}, JSON.parse(text) as string[], '/');
    }
  };
  watch(folder, hear).unref();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return true;
}

/** Asks everybody, then ends, unless somebody has prevented it. */
function quit(): void {
  let prevented = false;
  app.emit('before-quit', { preventDefault: () => (prevented = true) });
  if (!prevented) process.exit(0);
}

const known = {
  enableSandbox: () => note('enableSandbox'),
  setAsDefaultProtocolClient: (scheme: string) => note('protocolClient', scheme),
  setBadgeCount: (count: number) => note('badge', count),
  getLoginItemSettings: () => ({ openAtLogin: startsWithSession }),
  setLoginItemSettings: ({ openAtLogin }: { openAtLogin: boolean }) => void (startsWithSession = openAtLogin),
  requestSingleInstanceLock,
  whenReady: () => Promise.resolve(),
  quit,
  exit: (code: number) => process.exit(code),
};
/** The names are Electron's: one that it does not have does not compile. */
known satisfies { [K in keyof App]?: unknown };

export const app = loud('app', Object.assign(new EventEmitter(), known));
onAllClosed(() => {
  if (!app.emit('window-all-closed')) quit();
});
export { BrowserWindow };
