import type { AppParts } from '../app-parts.ts';
import { must, os } from './os.ts';

/** Tokens for programs and other people. */
export function tokenProcedures({ tokens, store }: AppParts) {
  return {
    tokens: {
      list: os.tokens.list.handler(({ errors }) => ({ tokens: [...must(tokens.list(), errors)] })),
      create: os.tokens.create.handler(async ({ input: { name, scope, expires = null, by }, errors }) => {
        const made = must(tokens.create({ name, scope, expires, createdBy: by }), errors);
        await store.append([{ type: 'token.created', name, scope, expires, by }]);
        return made;
      }),
      revoke: os.tokens.revoke.handler(async ({ input: { name, by }, errors }) => {
        const token = must(tokens.revoke(name), errors);
        await store.append([{ type: 'token.revoked', name, by }]);
        return token;
      }),
    },
  };
}
