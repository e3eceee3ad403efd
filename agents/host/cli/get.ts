import { stringify } from 'yaml';
import type { Json } from '../../contract/index.ts';
import { EXIT, complain, exitOf } from './exit.ts';
import { columns, print, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { CommonFlags } from './flags.ts';
import type { Run } from './verb.ts';

const PAGE = 500;

type Answer = Awaited<ReturnType<Client['explore']['table']>>;
type Page = Answer['pages'][number];

export const run: Run = ([kind = '', name], flags) =>
  withSession(flags, async ({ client }) => {
    const contexts = await contextsOf(client, flags);
    const namespaces = flags.allNamespaces === true ? [undefined] : flags.namespace.length > 0 ? flags.namespace : [undefined];
    if (name !== undefined && (flags.output === 'json' || flags.output === 'yaml'))
      return objects(client, flags, contexts, kind, name, namespaces);
    const wait = progress(flags);
    wait.say(`reading ${kind} of ${contexts.join(', ')} …`);
    const pages: Page[] = [];
    let exit: number = EXIT.ok;
    const labels = typeof flags['selector'] === 'string' ? { labels: flags['selector'] } : {};
    for (const namespace of namespaces) {
      const ask = {
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        ...labels,
        ...(name === undefined ? {} : { name }),
        limit: PAGE,
      };
      const first = await client.explore.table({ contexts, ...ask });
      wait.done();
      for (const { failure } of first.failed) {
        process.stderr.write(`${failure.message}\n${failure.hint === undefined ? '' : `${failure.hint}\n`}`);
        exit = Math.max(exit, exitOf(failure.code));
      }
      for (const page of first.pages) {
        pages.push(page);
        for (let next = page.next; next !== null;) {
          const more: Answer = await client.explore.table({ contexts: [page.context], ...ask, after: next });
          pages.push(...more.pages);
          next = more.pages[0]?.next ?? null;
        }
      }
    }
    if (pages.length > 0) show(flags, { pages }, () => table(flags, contexts, pages));
    return exit;
  });

/** The contexts that are asked for, else the current one. */
async function contextsOf(client: Client, flags: CommonFlags): Promise<string[]> {
  if (flags.context.length > 0) return [...flags.context];
  const { contexts } = await client.contexts.list({});
  return contexts.filter((c) => c.current || contexts.length === 1).map((c) => c.name);
}

async function objects(
  client: Client,
  flags: CommonFlags,
  contexts: readonly string[],
  kind: string,
  name: string,
  namespaces: readonly (string | undefined)[],
): Promise<number> {
  let exit: number = EXIT.ok;
  const found: Json[] = [];
  for (const context of contexts)
    for (const namespace of namespaces)
      try {
        const { object } = await client.explore.object({ context, kind, name, ...(namespace === undefined ? {} : { namespace }) });
        found.push(object);
      } catch (error) {
        exit = Math.max(exit, complain(error));
      }
  const [first, ...more] = found;
  if (first === undefined) return exit;
  const value: Json = more.length === 0 ? first : { apiVersion: 'v1', kind: 'List', items: found };
  print(flags.output === 'json' ? JSON.stringify(value, null, 2) : stringify(value, { lineWidth: 0 }));
  return exit;
}

/** The server's columns; the context before them when there are several, the namespace when they differ. */
function table(flags: CommonFlags, contexts: readonly string[], pages: readonly Page[]): string {
  const rows = pages.flatMap((page) => page.rows.map((row) => ({ page, row })));
  const [head] = pages;
  if (head === undefined || rows.length === 0) return `No ${head?.kind.resource ?? 'objects'} found.`;
  const shown = head.columns.map((c, i) => ({ ...c, i })).filter((c) => c.priority === 0 || flags.output === 'wide');
  const named = contexts.length > 1;
  const spaced = head.kind.namespaced && flags.namespace.length !== 1;
  const heads = [...(named ? ['context'] : []), ...(spaced ? ['namespace'] : []), ...shown.map((c) => c.name)];
  return columns(
    heads,
    rows.map(({ page, row }) => {
      // Two clusters may have other versions, and so other columns: cells are found by their names.
      const at = (column: string) => page.columns.findIndex((c) => c.name === column);
      return [
        ...(named ? [row.context] : []),
        ...(spaced ? [row.namespace ?? ''] : []),
        ...shown.map((c) => String(row.cells[at(c.name)] ?? '')),
      ];
    }),
  );
}
