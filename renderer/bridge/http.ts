import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { Bridge, Client } from './bridge.ts';

const KEY = 'quarterdeck-token';

/**
 * The token of the printed link. It comes in the fragment, which no server and no log sees; it is taken out of the address at once and
 * kept for this tab only, so that a reload works and another page's link does not carry it away.
 */
export function takeToken(location: Location, history: History, storage: Storage): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    storage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return given ?? storage.getItem(KEY) ?? undefined;
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
