import { app, dialog } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../agents/host/clock.ts';
import { defaultDataDir, demoDataDir, noKubeconfig } from '../agents/host/data-dir.ts';
import { personHere } from '../agents/host/person.ts';
import { stderrLog } from '../agents/host/app-log.ts';
import { watchAll } from '../agents/host/serve.ts';
import { type Running, startApp } from '../agents/host/wiring.ts';
import { announceScheme, serveScheme } from './app-scheme.ts';
import { attend } from './attention.ts';
import { LINK_SCHEME, linkAmong, routeOfLink } from './deep-link.ts';
import { desktopKeychain } from './keychain.ts';
import { answerPorts } from './ports.ts';
import { WaitingTray } from './tray.ts';
import { MainWindow, forbidEverything } from './window.ts';

/** The desktop shell: the same core as everywhere, a window, and a port between them. */

const WEB_ROOT = fileURLToPath(new URL('../renderer', import.meta.url));
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
  const started = await startApp({ dataDir, demo, env, log, keychain: await desktopKeychain(dataDir, log) });
  if (!started.ok) {
    const { message, hint } = started.failure;
    dialog.showErrorBox('Quarterdeck cannot start', hint === undefined ? message : `${message}\n\n${hint}`);
    app.exit(1);
    return;
  }
  const running = started.value;
  running.app.goOn();
  if (running.demo) watchAll(running);
  forbidEverything();
  serveScheme(WEB_ROOT);
  answerPorts(running.app);
  const window = new MainWindow(join(dataDir, 'window.json'), systemClock, routeOfLink(linkAmong(process.argv) ?? ''));
  app.on('second-instance', (_event, args) => window.show(routeOfLink(linkAmong(args) ?? '')));
  app.on('activate', () => window.show());
  app.on('open-url', (event, link) => {
    event.preventDefault();
    window.show(routeOfLink(link));
  });
  const { app: host } = running;
  const tray = new WaitingTray(WEB_ROOT, {
    open: (route) => window.show(route),
    hold: () =>
      void host.client.hold.set({ by: personHere() }).catch((e: unknown) => log('error', `holding all agents failed: ${String(e)}`)),
    quit: () => app.quit(),
  });
  const leave = attend(host, { show: (state) => tray.show(state), notify: (note) => window.notify(note) }, systemClock);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitInOrder(running, () => {
    leave();
    tray.close();
  });
}

/** Quitting waits for the log and the actions under way, but not for ever. */
function quitInOrder(running: Running, first: () => void): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    first();
    const late = setTimeout(() => app.exit(0), QUIT_MS);
    void running.close().finally(() => {
      clearTimeout(late);
      app.exit(0);
    });
  });
}
