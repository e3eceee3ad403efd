import { type MessagePortMain, ipcMain } from 'electron';
import type { App } from '../agents/host/app.ts';
import { type HostPort, carryPort } from '../agents/host/port.ts';
import { PORT_CHANNEL } from './port-channel.ts';
import { isOwnPage } from './security.ts';

/** Gives each page of ours that asks the contract on the port it brought. Nothing else is listened to. */
export function answerPorts(app: App): void {
  ipcMain.on(PORT_CHANNEL, (event) => {
    const { senderFrame, sender, ports } = event;
    const [port] = ports;
    // Only the top page of a window of ours: no frame inside it, no page it might have been led to.
    const own = senderFrame !== null && senderFrame === sender.mainFrame && isOwnPage(senderFrame.url);
    if (port === undefined) return;
    if (own) carryPort(app.router, fromMain(port));
    else port.close();
  });
}

/** The main process's ports are event emitters; the carrier speaks the web's form. */
function fromMain(port: MessagePortMain): HostPort {
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => {
      if (type === 'close') port.on('close', () => listener({}));
      else port.on('message', (event) => listener({ data: event.data as unknown }));
    },
    start: () => port.start(),
  };
}
