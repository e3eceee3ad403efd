import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const THREAD = /new URL\(\s*['"](\.{1,2}\/[^'"]+)\.ts['"]\s*,\s*import\.meta\.url\s*\)/g;

/**
 * The host starts threads from files beside it: `new URL('./worker.ts', import.meta.url)`. In a bundle each such file becomes an entry
 * of its own, in the same folder as all other chunks, and the URL names that.
 */
export function threadEntries(): Plugin {
  return {
    name: 'quarterdeck-thread-entries',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return null;
      return code.replaceAll(THREAD, (_whole, path: string) => {
        const file = fileURLToPath(new URL(`${path}.ts`, `file://${id}`));
        // worker.ts of the host, index.ts of the specialists: the folder keeps the names apart.
        const name = `thread-${file.split('/').slice(-2).join('-').replace(/\.ts$/, '')}.js`;
        this.emitFile({ type: 'chunk', id: file, fileName: name });
        return `new URL('./${name}', import.meta.url)`;
      });
    },
  };
}
