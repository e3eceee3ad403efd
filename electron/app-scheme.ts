import { protocol } from 'electron';
import { readWebFile } from '../agents/host/http/web-files.ts';
import { SCHEME, SCHEME_PRIVILEGES, isOwnPage } from './security.ts';

/** Before the app is ready: the page's scheme is a real one, with an origin. */
export function announceScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: SCHEME_PRIVILEGES }]);
}

/** Serves the built page under app://quarterdeck/, read only, each answer with the policy. */
export function serveScheme(webRoot: string): void {
  protocol.handle(SCHEME, async ({ url, method }) => {
    const file = method === 'GET' && isOwnPage(url) ? await readWebFile(webRoot, new URL(url).pathname) : undefined;
    return file === undefined
      ? new Response('There is nothing here.', { status: 404 })
      : new Response(file.body, { headers: file.headers });
  });
}
