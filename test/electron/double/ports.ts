import type { IpcMain, MessagePortMain, WebFrameMain } from 'electron';
import { EventEmitter } from 'node:events';
import { loud, note } from './loud.ts';
import type { WebContents } from './web-contents.ts';
import { type Plain, dataOf, plainOf } from './worlds.ts';

export const ipcMain = loud('ipcMain', new EventEmitter()) as unknown as IpcMain;

/** What the preload script of a window said. */
export interface Told {
  readonly channel?: string;
  readonly message?: unknown;
  readonly ports?: readonly number[];
  readonly port?: number;
  readonly data?: Plain;
}

/** The main process's end of ports that pages of one window have passed on. A document that goes closes its ports. */
export class WindowPorts {
  readonly #open = new Map<string, Port>();
  readonly #contents: WebContents;

  constructor(contents: WebContents) {
    this.#contents = contents;
  }

  hear(world: number, frame: WebFrameMain, { channel, message, ports = [], port, data }: Told): void {
    if (channel !== undefined) {
      const given = ports.map((id) => this.#make(world, id));
      note('ipc', channel);
      (ipcMain as unknown as EventEmitter).emit(channel, { senderFrame: frame, sender: this.#contents, ports: given }, message);
    } else if (port !== undefined && data !== undefined) this.#open.get(`${world} ${port}`)?.receive(dataOf(data));
  }

  /** A world is gone, or all of them are. */
  closeAll(world?: number): void {
    for (const [key, port] of this.#open)
      if (world === undefined || key.startsWith(`${world} `)) {
        this.#open.delete(key);
        port.emit('close');
      }
  }

  #make(world: number, id: number): MessagePortMain {
    const say = (call: string) => void this.#contents.inWorld(world, call).catch(() => undefined);
    const port = new Port(
      (data) => say(`fromMain(${id}, ${JSON.stringify(plainOf(data))})`),
      () => say(`closePort(${id})`),
    );
    this.#open.set(`${world} ${id}`, port);
    return port as unknown as MessagePortMain;
  }
}

/** As Electron's: messages wait until `start`. */
class Port extends EventEmitter {
  readonly postMessage: (data: unknown) => void;
  readonly close: () => void;
  #waiting: unknown[] | undefined = [];

  constructor(send: (data: unknown) => void, close: () => void) {
    super();
    this.postMessage = send;
    this.close = close;
  }

  receive(data: unknown): void {
    if (this.#waiting === undefined) this.emit('message', { data });
    else this.#waiting.push(data);
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.emit('message', { data });
  }
}

/** What becomes of a port that comes from somewhere else than the top page of a window of ours. */
export function foreignPorts(contents: WebContents): Readonly<Record<string, string>> {
  const channel = (ipcMain as unknown as EventEmitter).eventNames()[0] ?? '';
  const from = (senderFrame: { readonly url: string } | null, mainFrame = senderFrame) => {
    let fate = 'nothing';
    const port = new Port(
      () => (fate = 'answered'),
      () => (fate = 'closed'),
    );
    port.on('newListener', () => (fate = 'listened to'));
    (ipcMain as unknown as EventEmitter).emit(channel, { senderFrame, sender: { mainFrame }, ports: [port] }, null);
    return fate;
  };
  return {
    'another page': from({ url: 'https://evil.example/' }),
    'a frame inside ours': from({ url: 'app://quarterdeck/' }, contents.mainFrame),
    'no frame any more': from(null),
    'a page that looks like ours': from({ url: 'app://quarterdeck.evil.example/' }),
    'a file': from({ url: 'file:///app/quarterdeck/index.html' }),
  };
}
