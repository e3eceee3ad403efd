import { SCOPES } from '../../contract/index.ts';
import { personHere } from '../person.ts';
import { untilWhen } from './dismiss.ts';
import { EXIT, Refusal } from './exit.ts';
import { age, columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const named = (name: string | undefined): string => {
  if (name === undefined)
    throw new Refusal({ code: 'bad-input', message: 'Name the token.', hint: 'quarterdeck tokens --help has examples.' });
  return name;
};

export const run: Run = ([action = 'list', name], flags) =>
  withSession(
    flags,
    async ({ client }) => {
      const by = personHere();
      switch (action) {
        case 'list': {
          const list = await client.tokens.list({});
          show(flags, list, () =>
            list.tokens.length === 0
              ? 'There are no tokens but the one of the running app.'
              : columns(
                  ['name', 'scope', 'age', 'by', 'expires'],
                  list.tokens.map((t) => [t.name, t.scope, age(t.createdAt), t.createdBy, t.expires ?? 'never']),
                ),
          );
          return EXIT.ok;
        }
        case 'create': {
          const scope = SCOPES.find((s) => s === flags['scope']);
          if (scope === undefined) throw new Refusal({ code: 'bad-input', message: `--scope takes one of ${SCOPES.join(', ')}.` });
          const text = typeof flags['expires'] === 'string' ? flags['expires'] : '30d';
          const expires = text === 'never' ? {} : { expires: untilWhen(text, Date.now()) };
          const token = await client.tokens.create({ name: named(name), scope, by, ...expires });
          show(
            flags,
            token,
            () =>
              `${token.value}\nThis is the only time it is shown. It may ${token.scope}, ${token.expires === null ? 'for ever' : `until ${token.expires}`}.`,
          );
          return EXIT.ok;
        }
        case 'revoke': {
          const token = await client.tokens.revoke({ name: named(name), by });
          show(flags, token, () => `${token.name} is worthless now.`);
          return EXIT.ok;
        }
        default:
          throw new Refusal({ code: 'bad-input', message: `There is no tokens ${action}.`, hint: 'Use list, create or revoke.' });
      }
    },
    false,
  );
