import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { EventEmitter } from 'node:events';
import { loud, note } from './loud.ts';
import { WebContents } from './web-contents.ts';

const SCREEN = { x: 0, y: 0, width: 1440, height: 900 };
const open = new Set<BrowserWindow>();
let focused: BrowserWindow | undefined;
const look = (window: BrowserWindow) => void (focused = window);

/** A window: a page of Chromium, and the place and state that a window manager would give it. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  #bounds: Rectangle;
  #maximized = false;
  #minimized = false;
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    note('window', options);
    const { x = 100, y = 80, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = loud('webContents', new WebContents(webPreferences));
    this.webContents.once('dom-ready', () => this.emit('ready-to-show'));
    open.add(this);
    look(this);
  }

  static getAllWindows = () => [...open];
  static getFocusedWindow = () => focused ?? null;

  loadURL = (url: string) => this.webContents.load(url);
  reload = () => void this.webContents.reload().catch((e: unknown) => note('double', String(e)));
  show = () => note('show');
  focus = () => {
    look(this);
    this.emit('focus');
  };
  restore = () => void (this.#minimized = false);
  maximize = () => void (this.#maximized = true);
  isMinimized = () => this.#minimized;
  isMaximized = () => this.#maximized;
  isFocused = () => focused === this;
  isDestroyed = () => this.#destroyed;
  getNormalBounds = () => this.#bounds;

  /** As a person does with a mouse. */
  place(bounds: Rectangle, maximized: boolean): void {
    this.#bounds = bounds;
    this.#maximized = maximized;
  }

  blur(): void {
    if (focused === this) focused = undefined;
  }

  close(): void {
    this.emit('close', { preventDefault: () => undefined });
    this.#destroyed = true;
    open.delete(this);
    this.blur();
    void this.webContents.close().catch(() => undefined);
    this.emit('closed');
    if (open.size === 0) allClosed();
  }
}

let allClosed: () => void = () => undefined;
export const onAllClosed = (run: () => void) => void (allClosed = run);

export const screen = loud('screen', { getAllDisplays: () => [{ workArea: SCREEN }] });
