import { Menu, app } from 'electron';
import { PLACES } from './deep-link.ts';

export interface MenuActs {
  newWindow(): void;
  go(route: string): void;
}

/** The menu of the application: windows, the editing every text field needs, and the places of the page by number. */
export function showMenu({ newWindow, go }: MenuActs): void {
  const mac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' as const }] : []),
      {
        label: 'File',
        submenu: [
          { label: 'New window', accelerator: 'CmdOrCtrl+N', click: newWindow },
          { role: 'close' },
          ...(mac ? [] : [{ label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: () => app.quit() }]),
        ],
      },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'reload' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
      {
        label: 'Go',
        submenu: PLACES.map((place, i) => ({
          label: `${place.slice(0, 1).toUpperCase()}${place.slice(1)}`,
          accelerator: `CmdOrCtrl+${i + 1}`,
          click: () => go(`#/${place}`),
        })),
      },
      ...(mac ? [{ role: 'windowMenu' as const }] : []),
    ]),
  );
}
