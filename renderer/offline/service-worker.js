// Keeps the page itself on the device, so that it opens when its host cannot be reached, and says so. SHELL and VERSION are put in by the
// build. Only files of the page are kept, which are the same for everybody: never an answer of the host, nothing that carries a token.
const SHELL = [];
const VERSION = 'none';
const NAME = `quarterdeck-page-${VERSION}`;
/** Longer than this a host on the same machine does not take, milliseconds. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      await cache.addAll(SHELL.map((path) => new Request(path, { cache: 'reload' })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('quarterdeck-page-') && name !== NAME) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || request.headers.has('authorization')) return;
  if (pathname === '/') event.respondWith(newest(request));
  else if (pathname.startsWith('/assets/') || SHELL.includes(pathname)) event.respondWith(kept(request, pathname));
});

/** Who taps a notification is led to what it tells of: in the page that is open, else in another one. */
self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(
    (async () => {
      const to = `/${notification.data ?? ''}`;
      const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      if (page === undefined) return self.clients.openWindow(to);
      page.postMessage({ open: notification.data });
      return page.focus();
    })(),
  );
});

/** The page as its host has it now, else as it was kept. */
async function newest(request) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return answer;
  } catch {
    // Not reached.
  }
  return (await cache.match('/')) ?? Response.error();
}

/** A file whose name changes with its content: what was kept is what it is. */
async function kept(request, pathname) {
  const cache = await caches.open(NAME);
  const known = await cache.match(pathname);
  if (known !== undefined) return known;
  const answer = await fetch(request);
  if (answer.ok && answer.type === 'basic') await cache.put(pathname, answer.clone());
  return answer;
}
