import { resolve } from 'node:path';
import { CONTEXT_COLORS, type ContextColor, type ContextRow, type KubeconfigSource } from '../../contract/index.ts';
import { defaultDataDir } from '../data-dir.ts';
import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { plain, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

/** `quarterdeck contexts mark | use | add | remove`. */

type Flags = CommonFlags & Readonly<Record<string, unknown>>;

export const run: Run = async ([action, name], flags) => {
  const source = action === 'add' || action === 'remove';
  if (name === undefined)
    throw new Refusal({
      code: 'bad-input',
      message: `quarterdeck contexts ${action ?? ''} needs ${source ? 'the path of a kubeconfig or of a folder of them' : 'the name of a context'}.`,
      hint: source ? `quarterdeck contexts ${action} ~/clusters` : 'quarterdeck contexts lists those there are.',
    });
  // Where there is no kubeconfig yet, adding one is how there comes to be one: no demo fleet then.
  const own = source && flags.dataDir === undefined && flags.demo !== true ? { ...flags, dataDir: defaultDataDir() } : flags;
  return withSession(own, ({ client }) => change(client, flags, action ?? '', name), !source);
};

async function change(client: Client, flags: Flags, action: string, name: string): Promise<number> {
  const by = personHere();
  if (action === 'add' || action === 'remove') {
    const path = resolve(name);
    const source = await (action === 'add' ? client.contexts.addFile({ path, by }) : client.contexts.removeFile({ path, by }));
    show(flags, source, () => sourceWords(source, action));
    for (const { failure } of source.problems) process.stderr.write(`${failure.message}\n`);
    return EXIT.ok;
  }
  if (action === 'use') {
    const row = await client.contexts.use({ context: name, by });
    show(flags, row, () =>
      row.current
        ? `${plain(row.name)} is the current context now (written into ${plain(row.file)}).`
        : `current-context was written into ${plain(row.file)}, but a file that is read earlier names another one, which has the same name there.`,
    );
    return EXIT.ok;
  }
  const marks = marksOf(flags);
  if (Object.keys(marks).length === 0)
    throw new Refusal({
      code: 'bad-input',
      message: 'Nothing was said about the context.',
      hint: 'Add --protected, --read-only, --color, --group or --alias; quarterdeck contexts --help shows them all.',
    });
  const typed = flags['typeContext'];
  const row = await client.contexts.mark({ context: name, by, ...marks, ...(typeof typed === 'string' ? { typedContext: typed } : {}) });
  show(flags, row, () => markWords(row));
  return EXIT.ok;
}

type Marks = Omit<Parameters<Client['contexts']['mark']>[0], 'context' | 'by' | 'typedContext'>;

/** What the flags say; a flag that was not given says nothing. */
function marksOf(flags: Readonly<Record<string, unknown>>): Marks {
  const { color } = flags;
  const wrong = typeof color === 'string' && color !== 'none' && !isColor(color);
  if (wrong) throw new Refusal({ code: 'bad-input', message: `--color takes one of ${CONTEXT_COLORS.join(', ')}, or none.` });
  const word = (value: unknown) => (value === false || value === '' ? null : typeof value === 'string' ? value : undefined);
  const [group, alias] = [word(flags['group']), word(flags['alias'])];
  return {
    ...(typeof flags['protected'] === 'boolean' ? { protected: flags['protected'] } : {}),
    ...(typeof flags['readOnly'] === 'boolean' ? { readOnly: flags['readOnly'] } : {}),
    ...(typeof color === 'string' ? { color: isColor(color) ? color : null } : {}),
    ...(group === undefined ? {} : { group }),
    ...(alias === undefined ? {} : { alias }),
  };
}

const isColor = (word: string): word is ContextColor => (CONTEXT_COLORS as readonly string[]).includes(word);

function markWords(row: ContextRow): string {
  const words = [
    row.protected ? 'protected' : '',
    row.readOnly ? 'read-only' : '',
    row.color ?? '',
    row.group === null ? '' : `group ${row.group}`,
    row.alias === null ? '' : `alias ${row.alias}`,
  ].filter((w) => w !== '');
  return plain(`${row.name}: ${words.length === 0 ? 'no marks' : words.join(', ')}.`);
}

function sourceWords({ path, folder, files, contexts, changed }: KubeconfigSource, action: string): string {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  const what = folder ? `${count(contexts, 'context')} in ${count(files, 'file')}` : count(contexts, 'context');
  if (action === 'remove')
    return plain(`${path} is no longer read (${what}). The ${folder ? 'files are' : 'file is'} where ${folder ? 'they were' : 'it was'}.`);
  return plain(changed ? `${path} is read from now on: ${what}.` : `${path} is read already: ${what}.`);
}
