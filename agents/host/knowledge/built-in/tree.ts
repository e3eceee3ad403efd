import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WrittenPage } from '../../../core/knowledge/check-pages.ts';
import { kindPages } from '../../../core/knowledge/kind-pages.ts';
import { pagesTree } from '../pages-tree.ts';
import type { BuiltInFrom } from '../protocol.ts';
import type { Tree } from '../readers/tree.ts';
import { type KindSchemas, schemasOfClient } from './client-types.ts';
import { schemasOfServer } from './server-schemas.ts';

/** Made when the app is packed (pack-kinds.ts): the client's declarations are not in the package. */
export const PACKED_KINDS = fileURLToPath(new URL('../../../../resources/reference/kinds.json', import.meta.url));

/** @param at when what has no date of its own is said to be from */
export function builtInTree(from: BuiltInFrom, at: string): Tree {
  switch (from.type) {
    case 'pages':
      return pagesTree(from.pages, at);
    case 'fields': {
      const described = from.documents === null ? packedKinds() : schemasOfServer(from.documents);
      return pagesTree(fieldPages(described), at);
    }
  }
}

const fieldPages = (described: KindSchemas | undefined): WrittenPage[] =>
  described === undefined ? [] : kindPages(described.kinds, new Map(Object.entries(described.schemas)));

const packedKinds = (): KindSchemas | undefined =>
  existsSync(PACKED_KINDS) ? (JSON.parse(readFileSync(PACKED_KINDS, 'utf8')) as KindSchemas) : kindsOfClient();

/** Undefined in a package, where the client is part of the bundle. */
export function kindsOfClient(): KindSchemas | undefined {
  const require = createRequire(import.meta.url);
  try {
    return schemasOfClient(dirname(require.resolve('@kubernetes/client-node/package.json')));
  } catch {
    return undefined;
  }
}
