import { resolve } from 'node:path';
import { type IndexReport, TRUSTS } from '../../contract/index.ts';
import { EXIT, Refusal } from './exit.ts';
import { age, columns, plain, show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const SKIPPED_SHOWN = 10;

export const run: Run = ([action, what = ''], flags) => {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  if (action !== 'list' && what === '') throw missing(action ?? '');
  return withSession(flags, async ({ client: { knowledge } }) => {
    switch (action) {
      case 'list': {
        const answer = await knowledge.sources({});
        show(flags, answer, () =>
          columns(
            ['NAME', 'TRUST', 'DOCUMENTS', 'PASSAGES', 'READ', 'FROM'],
            answer.sources.map((s) => [s.name, s.trust, `${s.documents}`, `${s.passages}`, age(s.indexedAt), s.root]),
          ),
        );
        return EXIT.ok;
      }
      case 'add': {
        const trust = TRUSTS.find((t) => t === flags['trust']);
        if (trust === undefined) throw new Refusal({ code: 'bad-input', message: `--trust takes one of ${TRUSTS.join(', ')}.` });
        const [name, licence] = [text('name'), text('licence')];
        const report = await knowledge.add({
          path: resolve(what),
          trust,
          ...(name === undefined ? {} : { name }),
          ...(licence === undefined ? {} : { licence }),
        });
        show(flags, report, () => saying(report));
        return EXIT.ok;
      }
      case 'reindex': {
        const report = await knowledge.reindex({ name: what });
        show(flags, report, () => saying(report));
        return EXIT.ok;
      }
      case 'remove': {
        const source = await knowledge.remove({ name: what });
        show(flags, source, () => `${source.name} is forgotten, ${source.passages} passages with it. Its files stay as they are.`);
        return EXIT.ok;
      }
      case 'search': {
        const top = Number(text('top'));
        if (!Number.isInteger(top) || top < 1 || top > 50)
          throw new Refusal({ code: 'bad-input', message: '--top takes a number from 1 to 50.' });
        const answer = await knowledge.search({ text: what, top });
        show(flags, answer, () =>
          [
            ...(answer.noGoodMatch ? ['Nothing that is known answers this well.'] : []),
            ...answer.results.map((r) => `${r.source}/${r.path}:${r.line}  ${r.heading}  ${r.score.toFixed(2)}\n${plain(r.text)}`),
          ].join('\n\n'),
        );
        return EXIT.ok;
      }
      case 'show': {
        const page = await knowledge.page({ source: what, path: text('page') ?? '' });
        show(flags, page, () => page.passages.map((p) => `${p.line}  ${p.heading}\n${plain(p.text)}`).join('\n\n'));
        return EXIT.ok;
      }
      default:
        throw new Refusal({
          code: 'bad-input',
          message: `knowledge has no action ${action ?? ''}.`,
          hint: 'add, list, reindex, remove, search, show.',
        });
    }
  });
};

const missing = (action: string) =>
  new Refusal({
    code: 'bad-input',
    message: `knowledge ${action} needs to be told what.`,
    hint: 'For example quarterdeck knowledge search "out of memory"; --help shows more.',
  });

function saying({ source, added, changed, unchanged, removed, skipped }: IndexReport): string {
  const more = skipped.length - SKIPPED_SHOWN;
  return [
    `${source.name}: ${source.documents} documents, ${source.passages} passages (${added} new, ${changed} changed, ${unchanged} as they were, ${removed} gone).`,
    ...skipped.slice(0, SKIPPED_SHOWN).map(({ path, because }) => `Left out: ${path}. ${because}`),
    ...(more > 0 ? [`Left out: ${more} more; -o json lists them.`] : []),
  ].join('\n');
}
