import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** Screens that work on a phone without a host: what they are made of is kept beforehand, the rest when somebody has been there. */
const SCREENS = ['incidents/incidents', 'approvals/approvals', 'feed/feed'];
const BESIDE = ['/', '/manifest.json', '/icon-192.png', '/icon-512.png'];

/** Emits `sw.js`: the service worker with the list of files it keeps, under a version that changes with any of them. */
export function offlineShell(): Plugin {
  // Of the page: where this very file stands, a bundle of the configuration does not know.
  let root = '';
  return {
    name: 'quarterdeck-offline-shell',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk');
      const wanted = new Set<string>();
      const want = (name: string): void => {
        const chunk = chunks.find((c) => c.fileName === name);
        if (wanted.has(name) || chunk === undefined) return;
        wanted.add(name);
        chunk.imports.forEach(want);
        for (const css of chunk.viteMetadata?.importedCss ?? []) wanted.add(css);
      };
      for (const { isEntry, facadeModuleId, fileName } of chunks)
        if (isEntry || SCREENS.some((screen) => facadeModuleId?.replaceAll('\\', '/').includes(`/renderer/${screen}.`))) want(fileName);
      const fonts = Object.keys(bundle).filter((name) => /-latin-wght-normal-.*\.woff2$/.test(name));
      const files = [...wanted, ...fonts].sort().map((name) => `/${name}`);
      const hash = createHash('sha256');
      for (const name of Object.keys(bundle).sort()) hash.update(name);
      const source = readFileSync(join(root, 'offline', 'service-worker.js'), 'utf8')
        .replace('const SHELL = [];', `const SHELL = ${JSON.stringify([...BESIDE, ...files])};`)
        .replace("const VERSION = 'none';", `const VERSION = '${hash.digest('hex').slice(0, 12)}';`);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}
