import type { AppParts } from '../app-parts.ts';
import { kindOfWord } from '../objects/kind-words.ts';
import { must, os } from './os.ts';

/** What changed in the clusters. */
export function changeProcedures({ store }: AppParts) {
  return {
    changes: {
      list: os.changes.list.handler(async ({ input, errors }) => {
        const { resource, ...query } = input;
        let object: string | undefined;
        if (resource !== undefined) {
          const [word = '', name = ''] = resource.split('/');
          const kind = kindOfWord(word);
          if (kind === undefined || name === '')
            return must(
              {
                ok: false,
                failure: {
                  code: 'bad-input',
                  message: `"${resource}" names no object whose changes are recorded.`,
                  hint: 'Write KIND/NAME as kubectl takes it, for example deployment/checkout.',
                },
              },
              errors,
            );
          object = `${kind}/${name}`;
        }
        return { changes: [...(await store.changes({ ...query, object }))] };
      }),
    },
  };
}
