import { app, dialog } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../agents/host/clock.ts';
import { defaultDataDir, demoDataDir, noKubeconfig } from '../agents/host/data-dir.ts';
import { personHere } from '../agents/host/person.ts';
import { stderrLog } from '../agents/host/app-log.ts';
import { serve } from '../agents/host/serve.ts';
import { announceScheme, serveScheme } from './app-scheme.ts';
import { attend } from './attention.ts';
import { LINK_SCHEME, linkAmong, routeOfLink } from './deep-link.ts';
import { desktopKeychain } from './keychain.ts';
import { startModelProcess } from './model-process.ts';
import { showMenu } from './menu.ts';
import { answerPorts } from './ports.ts';
import { sessionStart } from './session-start.ts';
import { WaitingTray } from './tray.ts';
import { Windows, forbidEverything } from './windows.ts';

/** The desktop shell: the same core as everywhere, windows, and a port between them. */

const WEB_ROOT = fileURLToPath(new URL('../out/renderer', import.meta.url));
/** Threads that do not end are left behind after this long. */
const QUIT_MS = 12_000;

announceScheme();
app.enableSandbox();
app.setAsDefaultProtocolClient(LINK_SCHEME);
if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  await app.whenReady();
  const log = stderrLog(false);
  const { env } = process;
  const demo = env['QUARTERDECK_DEMO'] === '1' || noKubeconfig({ env });
  const dataDir = env['QUARTERDECK_DATA_DIR'] ?? (demo ? demoDataDir() : defaultDataDir());
  // Listens on loopback too, behind a token of this user's: the command line finds the running app there.
  const keychain = await desktopKeychain(dataDir, log);
  const started = await serve({ dataDir, demo, env, log, sessionStart, keychain, startModel: startModelProcess });
  if (!started.ok) {
    const { message, hint } = started.failure;
    dialog.showErrorBox('Quarterdeck cannot start', hint === undefined ? message : `${message}\n\n${hint}`);
    app.exit(1);
    return;
  }
  const served = started.value;
  const host = served.running.app;
  forbidEverything();
  serveScheme(WEB_ROOT);
  answerPorts(host);
  const windows = new Windows(join(dataDir, 'window.json'), systemClock);
  windows.add(routeOfLink(linkAmong(process.argv) ?? ''));
  app.on('second-instance', (_event, args) => windows.show(routeOfLink(linkAmong(args) ?? '')));
  app.on('activate', () => windows.show());
  app.on('open-url', (event, link) => {
    event.preventDefault();
    windows.show(routeOfLink(link));
  });
  showMenu({ newWindow: () => windows.add(), go: (route) => windows.show(route) });
  const tray = new WaitingTray(WEB_ROOT, {
    open: (route) => windows.show(route),
    hold: () =>
      void host.client.hold.set({ by: personHere() }).catch((e: unknown) => log('error', `holding all agents failed: ${String(e)}`)),
    quit: () => app.quit(),
  });
  const leave = attend(host, { show: (state) => tray.show(state), notify: (note) => windows.notify(note) }, systemClock);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitInOrder(
    () => served.close(),
    () => {
      leave();
      tray.close();
    },
  );
}

/** Quitting waits for the log and the actions under way, but not for ever. */
function quitInOrder(close: () => Promise<void>, first: () => void): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    first();
    const late = setTimeout(() => app.exit(0), QUIT_MS);
    void close().finally(() => {
      clearTimeout(late);
      app.exit(0);
    });
  });
}
