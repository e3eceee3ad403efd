import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** Only our own files, our own calls; nothing inline, nothing framed. The Electron window uses the same. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends a file of the built page; `/` is the page itself. False when there is no such file. */
export async function serveFile(response: ServerResponse, root: string, path: string): Promise<boolean> {
  let wanted: string;
  try {
    wanted = normalize(decodeURIComponent(path)).replaceAll('\\', '/');
  } catch {
    // Not a path: a stray per cent sign.
    return false;
  }
  if (wanted.includes('\0') || wanted.split('/').includes('..')) return false;
  const file = wanted === '/' ? '/index.html' : wanted;
  const type = TYPES[extname(file)];
  if (type === undefined) return false;
  try {
    const body = await readFile(join(root, file));
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': file.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
    });
    response.end(body);
    return true;
  } catch {
    return false;
  }
}
