import type { Citation } from '../../agents/contract/index.ts';
import { fieldsAsked } from '../../agents/core/ask/fields.ts';
import type { Running } from '../../agents/host/wiring.ts';

type Client = Running['app']['client'];
type Read = Extract<Citation, { kind: 'read' }>;

/** Whether what an answer says to have read stands there: read again, over the API, by what the citation leads to. */
export async function readAgain(client: Client, cited: Citation): Promise<boolean> {
  if (cited.kind !== 'read') return true;
  const there = await readingOf(client, cited);
  return cited.text.split('\n').every((line) => there(line));
}

/** Says of each line of the citation whether it is so. */
async function readingOf(client: Client, { of, resource, context, source }: Read): Promise<(line: string) => boolean> {
  const here = { context: context ?? '' };
  switch (of) {
    case 'object': {
      if (resource === null) return () => false;
      const { object } = await client.explore.object({ ...here, kind: resource.kind, namespace: resource.namespace, name: resource.name });
      return (line) => {
        const [path = '', ...value] = line.split(': ');
        // Any word of the path finds the field.
        return fieldsAsked(object, path.split('.').at(-1) ?? '').some(
          (f) => f.path === path && f.value === value.join(': ').replace(/ \([^()]* ago\)$/, ''),
        );
      };
    }
    case 'list': {
      const [, , kind = ''] = source.split(' ');
      const { pages } = await client.explore.table({ contexts: [here.context], kind, limit: 1_000 });
      const names = new Set(pages.flatMap((p) => p.rows.map((r) => `${r.namespace === null ? '' : `${r.namespace}/`}${r.name}`)));
      return (line) =>
        /^(?:more than )?\d+ [A-Z]/.test(line) || names.has(line.split(': ')[0] ?? '') || names.has(line.split(' ').at(-1) ?? '');
    }
    case 'changes': {
      const { changes } = await client.changes.list({ ...here, limit: 5_000 });
      return (line) => changes.some((c) => line.replace(/ \([^()]* ago\)/, '').startsWith(`${c.at.replace(/\.000Z$/, 'Z')} ${c.summary}`));
    }
    case 'logs': {
      if (resource?.namespace === undefined) return () => false;
      const target = resource.kind === 'Pod' ? resource.name : `${resource.kind}/${resource.name}`;
      const lines: string[] = [];
      for await (const item of await client.explore.logs({ ...here, namespace: resource.namespace, targets: [target], tailLines: 5_000 }))
        if (item.type === 'lines') for (const l of item.lines) lines.push(`${l.at.slice(0, 19)} ${l.pod} ${l.line}`.trim());
      return (line) => lines.some((l) => l.startsWith(line));
    }
    case 'plans': {
      const { plans } = await client.plans.list({ state: 'all' });
      return (line) => plans.some((p) => line.includes(p.title));
    }
    case 'clusters': {
      const { contexts } = await client.contexts.list({});
      return (line) => /^\d+ contexts?:/.test(line) || contexts.some((c) => line.startsWith(`${c.name}: `));
    }
    case 'access': {
      const [, verb = '', asked = '', resourceWord = ''] = /quarterdeck (can-i|who-can) (\S+) (\S+)/.exec(source)?.slice(0, 4) ?? [];
      const namespace = / -n (\S+)/.exec(source)?.[1];
      const question = { ...here, verb: asked, resource: resourceWord, ...(namespace === undefined ? {} : { namespace }) };
      if (verb === 'can-i') {
        const { allowed } = await client.access.canI(question);
        return (line) => line.startsWith(allowed ? 'Yes' : 'No');
      }
      const { subjects } = await client.access.whoCan(question);
      return (line) => subjects.some((s) => line.includes(s.name));
    }
    case 'metrics': {
      // Numbers move on; whose they are does not.
      const query = /^quarterdeck metrics query '(.*)' --context /.exec(source)?.[1] ?? '';
      const { series } = await client.metrics.query({ ...here, query });
      return () => series.length > 0;
    }
    case 'signals': {
      const { at } = await client.signals.list(here);
      return () => at !== null;
    }
  }
}
