import { Menu, Tray, app, nativeImage } from 'electron';
import { join } from 'node:path';

/** What the tray offers; each is also in the window. */
export interface TrayActs {
  open(route?: string): void;
  hold(): void;
  quit(): void;
}

const ICON_PX = 18;

/** The tray's icon with the number of waiting decisions. Where the system has none, the badge of the dock says the number alone. */
export class WaitingTray {
  readonly #acts: TrayActs;
  readonly #tray: Tray;

  constructor(webRoot: string, acts: TrayActs) {
    this.#acts = acts;
    this.#tray = new Tray(nativeImage.createFromPath(join(webRoot, 'icon-192.png')).resize({ width: ICON_PX, height: ICON_PX }));
    this.#tray.on('click', () => acts.open());
    this.show({ waiting: 0, held: false });
  }

  show({ waiting, held }: { readonly waiting: number; readonly held: boolean }): void {
    const words = waiting === 0 ? 'Nothing waits for you' : waiting === 1 ? '1 decision waits' : `${waiting} decisions wait`;
    this.#tray.setToolTip(`Quarterdeck: ${held ? 'all agents are held; ' : ''}${words.toLowerCase()}`);
    app.setBadgeCount(waiting);
    const { open, hold, quit } = this.#acts;
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Quarterdeck', click: () => open() },
        { label: words, enabled: waiting > 0, click: () => open('#/approvals') },
        { type: 'separator' },
        // Letting them go on is a decision, and is made in the window.
        held ? { label: 'All agents are held', click: () => open() } : { label: 'Hold all agents', click: () => hold() },
        { type: 'separator' },
        { label: 'Quit', click: () => quit() },
      ]),
    );
  }

  close(): void {
    this.#tray.destroy();
  }
}
