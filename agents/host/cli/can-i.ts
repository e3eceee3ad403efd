import type { AccessRuleRow } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { columns, print, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

export const run: Run = ([verb, resource, name], flags) =>
  withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    if (flags['list'] === true) {
      const answer = await client.access.rules({ context, namespace });
      if (answer.incomplete !== null) process.stderr.write(`${answer.incomplete}\n`);
      show(flags, answer, () => rulesTable(answer.rules));
      return EXIT.ok;
    }
    if (verb === undefined || resource === undefined)
      throw new Refusal({
        code: 'bad-input',
        message: 'Name a verb and a resource.',
        hint: 'quarterdeck can-i create pods -n shop, or --list',
      });
    const answer = await client.access.canI({
      context,
      verb,
      resource,
      ...(flags.allNamespaces === true ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    });
    if (flags.output === 'table')
      print(`${answer.allowed ? 'yes' : 'no'}: ${answer.right}${answer.reason === '' ? '' : `. ${answer.reason}`}`);
    else show(flags, answer, () => '');
    return answer.allowed ? EXIT.ok : EXIT.failOn;
  });

const rulesTable = (rules: readonly AccessRuleRow[]): string =>
  columns(
    ['verbs', 'resources', 'groups', 'names'],
    rules.map((r) => [r.verbs.join(','), r.resources.join(','), r.groups.map((g) => (g === '' ? 'core' : g)).join(','), r.names.join(',')]),
  );
