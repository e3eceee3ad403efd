import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { Bridge, Client } from './bridge.ts';

const KEY = 'quarterdeck-token';

/**
 * The token of the printed link. It comes in the fragment, which no server and no log sees; it is taken out of the address at once and
 * kept for this tab only, so that a reload works and another page's link does not carry it away; on this device where the person said so.
 */
export function takeToken(location: Location, history: History, tab: Storage, device?: Storage): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    history.replaceState(null, '', location.pathname);
    put(given, tab, device);
  }
  return given ?? tab.getItem(KEY) ?? device?.getItem(KEY) ?? undefined;
}

/** For this tab; where the device keeps one, this takes its place. */
function put(token: string, tab: Storage, device: Storage | undefined): void {
  tab.setItem(KEY, token);
  if ((device?.getItem(KEY) ?? null) !== null) device?.setItem(KEY, token);
}

/** Takes another token in the place of the one that is over, and begins anew with it. */
export function giveToken({ sessionStorage, localStorage, location }: Window, token: string): void {
  put(token, sessionStorage, localStorage);
  location.reload();
}

export const isKept = ({ localStorage }: Window): boolean => localStorage.getItem(KEY) !== null;

/** Keeps this tab's token on the device, or for the tab alone. */
export function keepToken({ sessionStorage, localStorage }: Window, keep: boolean): void {
  const token = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
  if (token === null) return;
  sessionStorage.setItem(KEY, token);
  if (keep) localStorage.setItem(KEY, token);
  else localStorage.removeItem(KEY);
}

/** Carries the contract over HTTP to the host that served this page. */
export function httpBridge(token: string): Bridge {
  const dead = new AbortController();
  const link = new RPCLink({
    url: () => new URL('/rpc', window.location.href).href,
    headers: { authorization: `Bearer ${token}` },
    fetch: async (request, init) => {
      const answer = await fetch(request, init as RequestInit);
      if (answer.status === 401) dead.abort();
      return answer;
    },
  });
  return { client: createORPCClient<Client>(link), dead: dead.signal };
}
