import { BrowserWindow, type Session, session, shell } from 'electron';
import { fileURLToPath } from 'node:url';
import { ORIGIN, WEB_PREFERENCES, isOwnPage, mayOpenOutside } from './security.ts';

/** One window, that shows our page and nothing else. */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1360,
    height: 880,
    minWidth: 640,
    minHeight: 480,
    show: false,
    backgroundColor: '#0f1318',
    title: 'Quarterdeck',
    webPreferences: { ...WEB_PREFERENCES, preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)) },
  });
  const { webContents } = window;
  webContents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  webContents.on('will-redirect', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

/** No page may ask for a camera, a place, a notification or anything else; nothing is fetched but our own files. */
export function forbidEverything(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwnPage(details.url) && !details.url.startsWith('devtools:') }));
  of.on('will-download', (event) => event.preventDefault());
}
