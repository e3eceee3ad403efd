import type { MenuItemConstructorOptions, NotificationConstructorOptions } from 'electron';
import { EventEmitter } from 'node:events';
import { loud, note } from './loud.ts';

/** The system around the windows: menus, tray, notifications, boxes. They are data here; a test presses them. */

type Items = readonly MenuItemConstructorOptions[];
let appMenu: Items = [];
let trayMenu: Items = [];
const notes: Notification[] = [];
export let tray: Tray | undefined;
const place = (made: Tray) => void (tray = made);

export const Menu = loud('Menu', {
  buildFromTemplate: (items: Items) => items,
  setApplicationMenu: (items: Items) => void (appMenu = items),
});

export class Tray extends EventEmitter {
  constructor(icon: unknown) {
    super();
    note('tray', icon);
    place(this);
  }
  setToolTip = (words: string) => note('trayWords', words);
  setContextMenu = (items: Items) => void (trayMenu = items);
  destroy = () => note('trayGone');
}

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly words: NotificationConstructorOptions;
  constructor(words: NotificationConstructorOptions) {
    super();
    this.words = words;
  }
  show(): void {
    note('notification', this.words);
    notes.push(this);
  }
}

export const nativeImage = loud('nativeImage', { createFromPath: (path: string) => ({ resize: () => path }) });
export const dialog = loud('dialog', { showErrorBox: (title: string, text: string) => note('errorBox', title, text) });
export const shell = loud('shell', {
  openExternal: (url: string) => {
    note('openExternal', url);
    return Promise.resolve();
  },
});

const flat = (items: Items): Items => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);

/** Presses the entry of a menu by its words. */
export function press(menu: 'app' | 'tray', words: string): void {
  const item = flat(menu === 'app' ? appMenu : trayMenu).find((i) => i.label === words);
  if (item?.click === undefined || item.enabled === false) throw new Error(`the ${menu} menu has no entry “${words}” to press`);
  item.click({ ...item, checked: item.checked !== true } as never, undefined, {} as never);
}

export const words = (menu: 'app' | 'tray') => flat(menu === 'app' ? appMenu : trayMenu).map((i) => i.label ?? i.role ?? '–');

/** Clicks the last notification that was shown. */
export const clickNote = () => notes.at(-1)?.emit('click');
