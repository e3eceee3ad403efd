import type { CustomScheme } from 'electron';
import { note } from './loud.ts';

/**
 * Schemes of the app's own. Chromium knows none of them, so each is an origin it takes for a secure one: `app://quarterdeck/x` is
 * `https://quarterdeck.app.test/x` in the page, and every such request is answered by the handler of the main process. A scheme that
 * was not announced as secure and standard is plain http, where a page misses what only secure pages have.
 */

const HANDLED = new Map<string, (request: Request) => Response | Promise<Response>>();
const PRIVILEGED = new Map<string, CustomScheme['privileges']>();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: CustomScheme[]) => {
    note('privilegedSchemes', schemes);
    for (const { scheme, privileges } of schemes) PRIVILEGED.set(scheme, privileges);
  },
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => void HANDLED.set(scheme, handler),
};

/** An address of the app as Chromium gets it, and what Chromium says as the app hears it. */
export function toPage(address: string): string {
  const { protocol: of, host, pathname, search, hash } = new URL(address);
  const scheme = of.slice(0, -1);
  if (!HANDLED.has(scheme)) return address;
  const privileges = PRIVILEGED.get(scheme);
  const secure = privileges?.secure === true && privileges.standard === true;
  return `${secure ? 'https' : 'http'}://${host}.${scheme}.test${pathname}${search}${hash}`;
}

export function fromPage(address: string): string {
  const own = /^(blob:)?https?:\/\/([^/@]+)\.([a-z]+)\.test(\/.*)?$/.exec(address);
  const [, blob = '', host = '', scheme = '', rest = '/'] = own ?? [];
  return own === null || !HANDLED.has(scheme) ? address : `${blob}${scheme}://${host}${rest}`;
}

/** The main process's answer to a request of a page; undefined where the address is none of the app's. */
export async function answerOf(address: string, method: string): Promise<Response | undefined> {
  const handler = URL.canParse(address) ? HANDLED.get(new URL(address).protocol.slice(0, -1)) : undefined;
  return handler === undefined ? undefined : handler(new Request(address, { method }));
}
