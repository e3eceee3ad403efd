import { resolve } from 'node:path';
import { type IndexReport, type KnowledgeSource, TRUSTS, type VectorState } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { age, columns, plain, progress, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

const SKIPPED_SHOWN = 10;
const LOOK_EVERY = 400;

export const run: Run = ([action, ...rest], flags) => {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const given = rest.flat().filter((word) => word !== undefined);
  const [what = ''] = given;
  if (action !== 'list' && action !== 'embed' && what === '') throw missing(action ?? '');
  // Nothing of a cluster is needed.
  const session = (work: (knowledge: Client['knowledge']) => Promise<number>) =>
    withSession(flags, ({ client: { knowledge } }) => work(knowledge), false);
  switch (action) {
    case 'list':
      return session(async (knowledge) => {
        const answer = await knowledge.sources({});
        show(flags, answer, () => listing(answer));
        return EXIT.ok;
      });
    case 'add': {
      const trust = text('trust') === undefined ? undefined : TRUSTS.find((t) => t === flags['trust']);
      if (text('trust') !== undefined && trust === undefined)
        throw new Refusal({ code: 'bad-input', message: `--trust takes one of ${TRUSTS.join(', ')}.` });
      const [name, licence] = [text('name'), text('licence')];
      if (name !== undefined && given.length > 1)
        throw new Refusal({ code: 'bad-input', message: '--name is for one path.', hint: 'Add them one by one, or without --name.' });
      return session((knowledge) =>
        reading(flags, knowledge, async () => {
          const reports: IndexReport[] = [];
          for (const path of given)
            reports.push(
              await knowledge.add({
                path: resolve(path),
                watch: flags['watch'] !== false,
                ...(trust === undefined ? {} : { trust }),
                ...(name === undefined ? {} : { name }),
                ...(licence === undefined ? {} : { licence }),
              }),
            );
          return reports;
        }),
      );
    }
    case 'reindex':
      return session((knowledge) => reading(flags, knowledge, async () => [await knowledge.reindex({ name: what })]));
    case 'embed':
      return session(async (knowledge) => {
        const vectors = await following(flags, knowledge, () => knowledge.embed({}));
        show(flags, vectors, () => vectorWords(vectors));
        return EXIT.ok;
      });
    case 'remove':
      return session(async (knowledge) => {
        const source = await knowledge.remove({ name: what });
        show(flags, source, () => `${source.name} is forgotten, ${source.passages} passages with it. Its files stay as they are.`);
        return EXIT.ok;
      });
    case 'search': {
      const top = Number(text('top'));
      if (!Number.isInteger(top) || top < 1 || top > 50)
        throw new Refusal({ code: 'bad-input', message: '--top takes a number from 1 to 50.' });
      return session(async (knowledge) => {
        const answer = await knowledge.search({ text: given.join(' '), top });
        show(flags, answer, () =>
          [
            ...(answer.noGoodMatch ? ['Nothing that is known answers this well.'] : []),
            ...answer.results.map((r) =>
              [
                `${plain(`${r.source}/${r.path}:${r.line}  ${r.heading}`)}  ${r.score.toFixed(2)}${r.confident ? '' : '  (not sure)'}`,
                ...(r.givesOrders ? ['This passage is worded as if it gave orders. It is quoted as it stands; nothing follows them.'] : []),
                plain(r.text),
                ...(r.alsoIn.length > 0 ? [`Also in: ${r.alsoIn.map((p) => plain(`${p.source}/${p.path}`)).join(', ')}`] : []),
              ].join('\n'),
            ),
          ].join('\n\n'),
        );
        return EXIT.ok;
      });
    }
    case 'show':
      return session(async (knowledge) => {
        const page = await knowledge.page({ source: what, path: text('page') ?? '' });
        show(flags, page, () => page.passages.map((p) => `${p.line}  ${plain(p.heading)}\n${plain(p.text)}`).join('\n\n'));
        return EXIT.ok;
      });
    default:
      throw new Refusal({
        code: 'bad-input',
        message: `knowledge has no action ${action ?? ''}.`,
        hint: 'add, list, reindex, embed, remove, search, show.',
      });
  }
};

const missing = (action: string) =>
  new Refusal({
    code: 'bad-input',
    message: `knowledge ${action} needs to be told what.`,
    hint: 'For example quarterdeck knowledge search "out of memory"; --help shows more.',
  });

/** Reads sources, then makes their vectors, and says so meanwhile. */
async function reading(
  flags: CommonFlags & Readonly<Record<string, unknown>>,
  knowledge: Client['knowledge'],
  work: () => Promise<IndexReport[]>,
) {
  const reports = await following(flags, knowledge, work);
  const vectors = flags['lexical'] === true ? undefined : await following(flags, knowledge, () => knowledge.embed({}));
  const [only] = reports;
  show(flags, reports.length === 1 ? only : { reports }, () =>
    [...reports.map(saying), ...(vectors === undefined ? [] : [vectorWords(vectors)])].join('\n'),
  );
  return EXIT.ok;
}

/** How far it is, on a terminal, while it lasts. */
async function following<T>(flags: CommonFlags, knowledge: Client['knowledge'], work: () => Promise<T>): Promise<T> {
  const line = progress(flags);
  let over = false;
  const look = async () => {
    if (over) return;
    const { sources, vectors } = await knowledge.sources({});
    const now = sources.find((source) => source.state === 'reading');
    if (!over) line.say(now === undefined ? vectorWords(vectors) : readingWords(now));
  };
  const timer = process.stderr.isTTY ? setInterval(() => void look().catch(() => undefined), LOOK_EVERY) : undefined;
  try {
    return await work();
  } finally {
    over = true;
    clearInterval(timer);
    line.done();
  }
}

const readingWords = ({ name, progress: how }: KnowledgeSource) =>
  `Reading ${name}: ${how?.done ?? 0}${how?.total == null ? '' : ` of about ${how.total}`} files`;

function vectorWords({ model, done, total, state, problem }: VectorState): string {
  if (model === null) return 'There is no embedding model: passages are found by their words. quarterdeck models list shows what there is.';
  if (state === 'done') return `All ${total} passages have vectors (${model}).`;
  return `${done} of ${total} passages have vectors (${model})${problem === null ? '' : `: ${problem}`}.`;
}

function listing({ sources, vectors }: { readonly sources: readonly KnowledgeSource[]; readonly vectors: VectorState }): string {
  const rows = sources.map((s) => [
    s.name,
    s.form,
    s.trust,
    s.licence ?? '-',
    `${s.documents}`,
    `${s.passages}`,
    `${s.duplicates}`,
    s.state === 'reading' ? 'now' : age(s.indexedAt),
    s.problem === null ? s.root : `${s.root} (${s.problem})`,
  ]);
  return `${columns(['NAME', 'FORM', 'TRUST', 'LICENCE', 'DOCUMENTS', 'PASSAGES', 'TWICE', 'READ', 'FROM'], rows)}\n\n${vectorWords(vectors)}`;
}

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

function saying({ source, added, changed, unchanged, removed, skipped }: IndexReport): string {
  const more = skipped.length - SKIPPED_SHOWN;
  return [
    `${source.name}: ${many(source.documents, 'document')}, ${many(source.passages, 'passage')} (${added} new, ${changed} changed, ${unchanged} as they were, ${removed} gone).`,
    ...(source.duplicates > 0
      ? [
          `${many(source.duplicates, 'passage')} ${source.duplicates === 1 ? 'says' : 'say'} what another one says too; a search shows such a thing once.`,
        ]
      : []),
    ...skipped.slice(0, SKIPPED_SHOWN).map(({ path, because }) => plain(`Left out: ${path}. ${because}`)),
    ...(more > 0 ? [`Left out: ${more} more; -o json lists them.`] : []),
  ].join('\n');
}
