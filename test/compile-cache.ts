import { fileURLToPath } from 'node:url';

/** What Node made of a source is kept for each process and thread that tests start: the app's threads begin in half of the time. */
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../.cache/node', import.meta.url));
