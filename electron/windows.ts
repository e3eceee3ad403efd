import { BrowserWindow, Notification, type Session, dialog, screen, session, shell } from 'electron';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../agents/host/ports/runtime.ts';
import { ORIGIN, WEB_PREFERENCES, isOwnPage, mayDownload, mayOpenOutside, routeOf } from './security.ts';
import { SMALLEST, keepPlace, readPlace } from './window-place.ts';

/** A page that ended is loaded again; one that ends so often in a minute is not. */
const MOST_ENDS = 3;
const MINUTE_MS = 60_000;

/** The windows. Each shows our page and nothing else; when the last one was closed, the next is made anew. */
export class Windows {
  readonly #placeFile: string;
  readonly #clock: Clock;
  readonly #open = new Set<BrowserWindow>();
  /** The one a person looked at last. */
  #last: BrowserWindow | undefined;

  constructor(placeFile: string, clock: Clock) {
    this.#placeFile = placeFile;
    this.#clock = clock;
  }

  /** Brings the window that was looked at last to the front, at a place of the page where one is given. */
  show(route?: string): void {
    const window = this.#last;
    if (window === undefined) return this.add(route);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    // The same document: only what stands behind the # is another.
    if (route !== undefined) void window.loadURL(`${ORIGIN}/${route}`);
  }

  /** Another window beside those there are: two clusters, or an incident and the feed, at the same time. */
  add(route = ''): void {
    const { maximized, x, y, ...size } = readPlace(
      this.#placeFile,
      screen.getAllDisplays().map((d) => d.workArea),
    );
    const first = this.#open.size === 0;
    const window = new BrowserWindow({
      ...size,
      // The system puts the second where the first does not hide it.
      ...(first && x !== undefined && y !== undefined ? { x, y } : {}),
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      backgroundColor: '#0f1318',
      title: 'Quarterdeck',
      webPreferences: { ...WEB_PREFERENCES, preload: fileURLToPath(new URL('../out/preload/preload.cjs', import.meta.url)) },
    });
    if (maximized && first) window.maximize();
    this.#open.add(window);
    this.#last = window;
    this.#guard(window);
    window.once('ready-to-show', () => window.show());
    window.on('focus', () => (this.#last = window));
    window.on('close', () => keepPlace(this.#placeFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
    window.on('closed', () => {
      this.#open.delete(window);
      if (this.#last === window) this.#last = [...this.#open].at(-1);
    });
    void window.loadURL(`${ORIGIN}/${route}`);
  }

  /** Tells somebody who does not look at a window. The system shows it; the page may not. */
  notify({ title, body, route }: { readonly title: string; readonly body: string; readonly route: string }): void {
    if (!Notification.isSupported() || [...this.#open].some((window) => window.isFocused())) return;
    const note = new Notification({ title, body });
    note.on('click', () => this.show(route));
    note.show();
  }

  /** Where the page may go, and what it may open: itself. Each refusal is an event prevented, whatever the page asked for. */
  #guard(window: BrowserWindow): void {
    const { webContents } = window;
    webContents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    webContents.on('will-redirect', (event) => event.preventDefault());
    webContents.on('will-attach-webview', (event) => event.preventDefault());
    webContents.setWindowOpenHandler(({ url }) => {
      // A page of ours gets a window of ours, made here with all its settings; the page's own wish for one is never granted.
      if (isOwnPage(url)) this.add(routeOf(url));
      else if (mayOpenOutside(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
    let ends: number[] = [];
    webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      const now = this.#clock.now();
      ends = [...ends.filter((at) => now - at < MINUTE_MS), now];
      // The host goes on: nothing is lost, and a decision that was being made was not made.
      if (ends.length <= MOST_ENDS) window.reload();
      else
        dialog.showErrorBox(
          'The page of Quarterdeck ended again and again',
          `The last reason was: ${reason}. The agents and plans under way go on without it. Close the window and open it again, or use the command line: quarterdeck incidents.`,
        );
    });
  }
}

/** No page may ask for a camera, a place, a notification or anything else; nothing is fetched but our own files. */
export function forbidEverything(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwnPage(details.url) && !details.url.startsWith('devtools:') }));
  // What the page itself has made, a log or a report, may be saved: the system asks where.
  of.on('will-download', (event, item) => {
    if (!mayDownload(item.getURL())) event.preventDefault();
  });
}
