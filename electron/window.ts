import { BrowserWindow, Notification, type Session, dialog, screen, session, shell } from 'electron';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../agents/host/ports.ts';
import { ORIGIN, WEB_PREFERENCES, isOwnPage, mayOpenOutside } from './security.ts';
import { SMALLEST, keepPlace, readPlace } from './window-place.ts';

/** A page that ended is loaded again; one that ends so often in a minute is not. */
const MOST_ENDS = 3;
const MINUTE_MS = 60_000;

/** The one window, that shows our page and nothing else; made anew when it was closed. */
export class MainWindow {
  readonly #placeFile: string;
  readonly #clock: Clock;
  #window: BrowserWindow;
  #ends: number[] = [];

  constructor(placeFile: string, clock: Clock, route?: string) {
    this.#placeFile = placeFile;
    this.#clock = clock;
    this.#window = this.#make(route);
  }

  /** Brings the window to the front, at a place of the page where one is given. */
  show(route?: string): void {
    if (this.#window.isDestroyed()) {
      this.#window = this.#make(route);
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
    // The same document: only what stands behind the # is another.
    if (route !== undefined) void this.#window.loadURL(`${ORIGIN}/${route}`);
  }

  /** Tells somebody who does not look at the window. The system shows it; the page may not. */
  notify({ title, body, route }: { readonly title: string; readonly body: string; readonly route: string }): void {
    if (!Notification.isSupported() || (!this.#window.isDestroyed() && this.#window.isFocused())) return;
    const note = new Notification({ title, body });
    note.on('click', () => this.show(route));
    note.show();
  }

  #make(route = ''): BrowserWindow {
    const { maximized, ...place } = readPlace(
      this.#placeFile,
      screen.getAllDisplays().map((d) => d.workArea),
    );
    const window = new BrowserWindow({
      ...place,
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      backgroundColor: '#0f1318',
      title: 'Quarterdeck',
      webPreferences: { ...WEB_PREFERENCES, preload: fileURLToPath(new URL('../preload/preload.cjs', import.meta.url)) },
    });
    if (maximized) window.maximize();
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
    webContents.on('render-process-gone', (_event, { reason }) => this.#ended(window, reason));
    window.once('ready-to-show', () => window.show());
    window.on('close', () => keepPlace(this.#placeFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
    void window.loadURL(`${ORIGIN}/${route}`);
    return window;
  }

  /** The page's process ended. The host goes on: nothing is lost, and a decision that was being made was not made. */
  #ended(window: BrowserWindow, reason: string): void {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = this.#clock.now();
    this.#ends = [...this.#ends.filter((at) => now - at < MINUTE_MS), now];
    if (this.#ends.length <= MOST_ENDS) window.reload();
    else
      dialog.showErrorBox(
        'The page of Quarterdeck ended again and again',
        `The last reason was: ${reason}. The agents and plans under way go on without it. Close the window and open it again, or use the command line: quarterdeck incidents.`,
      );
  }
}

/** No page may ask for a camera, a place, a notification or anything else; nothing is fetched but our own files. */
export function forbidEverything(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwnPage(details.url) && !details.url.startsWith('devtools:') }));
  of.on('will-download', (event) => event.preventDefault());
}
