import type { AccessSubject } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { columns, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';
import { currentContext } from './where.ts';

export const run: Run = ([verb, resource, name], flags) => {
  if (verb === undefined || resource === undefined)
    throw new Refusal({ code: 'bad-input', message: 'Name a verb and a resource.', hint: 'quarterdeck who-can get secrets -n shop' });
  return withSession(flags, async ({ client }) => {
    const { context, namespace } = await currentContext(client, flags);
    const answer = await client.access.whoCan({
      context,
      verb,
      resource,
      ...(flags.allNamespaces === true ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    });
    for (const { because } of answer.incomplete) process.stderr.write(`Not all is known: ${because}\n`);
    show(flags, answer, () => table(answer.right, answer.subjects));
    return EXIT.ok;
  });
};

function table(right: string, subjects: readonly AccessSubject[]): string {
  if (subjects.length === 0) return `No Role gives anybody the right to ${right}.`;
  const rows = subjects.flatMap((s) =>
    s.through.map(({ binding, role, namespace }, i) => [
      i === 0 ? s.kind : '',
      i === 0 ? (s.namespace === null ? s.name : `${s.namespace}/${s.name}`) : '',
      namespace === null ? binding : `${binding} in ${namespace}`,
      role,
    ]),
  );
  return `Who can ${right}:\n${columns(['kind', 'name', 'bound by', 'to'], rows)}`;
}
