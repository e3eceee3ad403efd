import { app, dialog } from 'electron';
import { fileURLToPath } from 'node:url';
import { defaultDataDir, demoDataDir, noKubeconfig } from '../agents/host/data-dir.ts';
import { stderrLog, watchAll } from '../agents/host/serve.ts';
import { type Running, startApp } from '../agents/host/wiring.ts';
import { announceScheme, serveScheme } from './app-scheme.ts';
import { answerPorts } from './ports.ts';
import { forbidEverything, openWindow } from './window.ts';

/** The desktop shell: the same core as everywhere, a window, and a port between them. */

const WEB_ROOT = fileURLToPath(new URL('../renderer', import.meta.url));
/** Threads that do not end are left behind after this long. */
const QUIT_MS = 12_000;

announceScheme();
app.enableSandbox();
if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  await app.whenReady();
  const log = stderrLog(false);
  const { env } = process;
  const demo = env['QUARTERDECK_DEMO'] === '1' || noKubeconfig({ env });
  const started = await startApp({ dataDir: env['QUARTERDECK_DATA_DIR'] ?? (demo ? demoDataDir() : defaultDataDir()), demo, env, log });
  if (!started.ok) {
    const { message, hint } = started.failure;
    dialog.showErrorBox('Quarterdeck cannot start', hint === undefined ? message : `${message}\n\n${hint}`);
    app.exit(1);
    return;
  }
  const running = started.value;
  if (running.demo) watchAll(running);
  forbidEverything();
  serveScheme(WEB_ROOT);
  answerPorts(running.app);
  let window = openWindow();
  app.on('second-instance', () => {
    if (window.isDestroyed()) window = openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    if (window.isDestroyed()) window = openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitInOrder(running);
}

/** Quitting waits for the log and the actions under way, but not for ever. */
function quitInOrder(running: Running): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    const late = setTimeout(() => app.exit(0), QUIT_MS);
    void running.close().finally(() => {
      clearTimeout(late);
      app.exit(0);
    });
  });
}
