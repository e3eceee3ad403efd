import { createHash } from 'node:crypto';
import type { Tree, TreeFile } from './readers/tree.ts';

/** A page that is written by the app itself. */
export interface MadePage {
  readonly path: string;
  readonly text: string;
}

/** Pages in memory, read like files. `at`: when the app that wrote them was made. */
export function pagesTree(pages: readonly MadePage[], at: string): Tree {
  const files = [...pages]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, text }): TreeFile => {
      const bytes = Buffer.from(text);
      const stamp = createHash('sha256').update(bytes).digest('hex');
      return {
        path,
        bytes: bytes.length,
        stamp,
        at,
        async *read() {
          yield await Promise.resolve(bytes);
        },
      };
    });
  return {
    async *entries() {
      for (const file of files) yield await Promise.resolve(file);
    },
    file: (path) => Promise.resolve(files.find((file) => file.path === path)),
    close: () => Promise.resolve(),
  };
}
