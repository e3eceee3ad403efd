import { contextBridge, ipcRenderer } from 'electron';
import { PORT_CHANNEL } from './port-channel.ts';

/** The page learns that it is in the desktop window, and can pass one port on. No function of ours, nothing of ipcRenderer, is exposed. */
contextBridge.exposeInMainWorld('quarterdeckShell', 'electron');

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== PORT_CHANNEL) return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage(PORT_CHANNEL, null, [port]);
});
