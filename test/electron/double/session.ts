import type { Session } from 'electron';
import { EventEmitter } from 'node:events';
import { loud, note } from './loud.ts';

type PermissionRequest = Parameters<Session['setPermissionRequestHandler']>[0];
type PermissionCheck = Parameters<Session['setPermissionCheckHandler']>[0];
type BeforeRequest = (details: { readonly url: string }, answer: (response: { cancel?: boolean }) => void) => void;

let request: PermissionRequest = null;
let check: PermissionCheck = null;
let before: BeforeRequest | undefined;

/** Without a handler Electron grants, so the double does: a test then sees what a forgotten line would mean. */
export function grants(permission: string): boolean {
  if (check !== null && !check(null, permission as Parameters<NonNullable<PermissionCheck>>[1], '', {} as never)) return false;
  if (request === null) return true;
  let granted = false;
  request(null as never, permission as 'geolocation', (g) => (granted = g), {} as never);
  return granted;
}

/** Whether the main process lets a request of a page go on its way. */
export function passes(url: string): boolean {
  let cancel = false;
  before?.({ url }, (answer) => (cancel = answer.cancel === true));
  note('request', url, cancel ? 'cancelled' : 'let through');
  return !cancel;
}

/** True when the main process stops a download. */
export function stopsDownload(url: string): boolean {
  let stopped = false;
  defaultSession.emit('will-download', { preventDefault: () => (stopped = true) }, { getURL: () => url });
  note('download', url, stopped ? 'stopped' : 'let through');
  return stopped;
}

const defaultSession = loud(
  'session',
  Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: PermissionRequest) => void (request = handler),
    setPermissionCheckHandler: (handler: PermissionCheck) => void (check = handler),
    setDevicePermissionHandler: (handler: (details: object) => boolean) => note('devicePermission', handler({})),
    webRequest: loud('webRequest', { onBeforeRequest: (handler: BeforeRequest) => void (before = handler) }),
  }),
);
export const session = loud('session', { defaultSession });
