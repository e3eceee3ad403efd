/** What a window of ours may do, as data and pure functions, so that it can be tested where no Electron is. */

/** Our own scheme instead of file://: an origin of its own, a policy on every answer, nothing else on the disk within reach. */
export const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://quarterdeck`;

/** A page with no Node, in the system's sandbox, apart from the preload script's world. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const;

export const SCHEME_PRIVILEGES = { standard: true, secure: true, supportFetchAPI: true, codeCache: true } as const;

/** The only hosts a link may open in the system's browser. */
const OUTSIDE = new Set(['kubernetes.io', 'github.com']);

/** True for a page of ours. Origins are compared parsed: a prefix of text proves nothing. */
export function isOwnPage(address: string): boolean {
  const url = parsed(address);
  return url?.protocol === `${SCHEME}:` && url.host === 'quarterdeck' && url.username === '' && url.password === '';
}

/** True for what may be handed to the system's browser: https, a host of the list, no credentials. */
export function mayOpenOutside(address: string): boolean {
  const url = parsed(address);
  return url?.protocol === 'https:' && OUTSIDE.has(url.hostname) && url.port === '' && url.username === '' && url.password === '';
}

/** True for what a page of ours has made itself, in memory, and hands over to be saved. */
export const mayDownload = (address: string): boolean => address.startsWith('blob:') && isOwnPage(address.slice('blob:'.length));

/** The place of the page that one of our addresses leads to: what stands behind its #. */
export const routeOf = (address: string): string => parsed(address)?.hash ?? '';

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
