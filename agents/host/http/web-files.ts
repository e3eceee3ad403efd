import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** Only our own files, our own calls; nothing inline, nothing framed. The desktop window uses the same. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface WebFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the built page with the headers it is sent with; `/` is the page itself. Undefined when there is no such file. */
export async function readWebFile(root: string, path: string): Promise<WebFile | undefined> {
  let wanted: string;
  try {
    wanted = normalize(decodeURIComponent(path)).replaceAll('\\', '/');
  } catch {
    // Not a path: a stray per cent sign.
    return undefined;
  }
  if (wanted.includes('\0') || wanted.split('/').includes('..')) return undefined;
  const file = wanted === '/' ? '/index.html' : wanted;
  const type = TYPES[extname(file)];
  if (type === undefined) return undefined;
  try {
    return {
      body: await readFile(join(root, file)),
      headers: {
        'content-type': type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': file.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      },
    };
  } catch {
    return undefined;
  }
}
