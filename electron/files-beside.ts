import { dirname, relative, resolve, sep } from 'node:path';

import type { Plugin } from 'vite';

const BESIDE = /new URL\(\s*['"](\.{1,2}\/[^'"]*)['"]\s*,\s*import\.meta\.url\s*\)/g;

/**
 * Keeps true what the host says about files beside it, `new URL('./worker.ts', import.meta.url)`, when its code moves into a bundle in
 * `outDir`. A program file there becomes an entry of its own (a thread starts from it); any other path leads to the same place as before.
 */
export function filesBeside(outDir: string): Plugin {
  return {
    name: 'quarterdeck-files-beside',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes('import.meta.url') || id.includes('node_modules')) return null;
      return code.replaceAll(BESIDE, (_whole, path: string) => {
        const file = resolve(dirname(id), path);
        if (!file.endsWith('.ts')) {
          const from = relative(outDir, file).split(sep).join('/');
          return `new URL('${from}${path.endsWith('/') ? '/' : ''}', import.meta.url)`;
        }
        // worker.ts of the host, index.ts of the specialists: the folder keeps the names apart.
        const name = `thread-${file.split(sep).slice(-2).join('-').replace(/\.ts$/, '')}.js`;
        this.emitFile({ type: 'chunk', id: file, fileName: name });
        return `new URL('./${name}', import.meta.url)`;
      });
    },
  };
}
