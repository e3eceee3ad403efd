import type { Bridge } from './bridge.ts';
import { httpBridge, takeToken } from './http.ts';
import { askForPort, portBridge } from './port.ts';

declare global {
  interface Window {
    /** Set by the preload script of the desktop window; a constant, no functions. */
    readonly quarterdeckShell?: 'electron';
  }
}

/** The carrier this page has: the desktop window's port, or HTTP with the token of the printed link. Undefined when there is no token. */
export function chooseBridge(window: Window): Bridge | undefined {
  if (window.quarterdeckShell === 'electron') return portBridge(askForPort(window));
  const token = takeToken(window.location, window.history, window.sessionStorage, window.localStorage);
  return token === undefined ? undefined : httpBridge(token);
}
