import { fragmentToMarkdown } from './html.ts';
import { readXml } from './xml.ts';

export interface Post {
  /** `questions/11`, or `questions/11/answers/12`. */
  readonly path: string;
  readonly at: string | null;
  readonly markdown: string;
}

/** Titles that are kept for the answers that follow; of a dump with more, later answers are named by the number of their question. */
const MOST_TITLES = 500_000;

/** Questions and answers of a Posts.xml of Stack Exchange, as it flows by. @throws BadXml */
export async function* postsOf(pieces: AsyncIterable<string>): AsyncGenerator<Post> {
  const titles = new Map<string, string>();
  for await (const event of readXml(pieces)) {
    if (event.type !== 'open' || event.name !== 'row') continue;
    const {
      Id: id = '',
      PostTypeId: type,
      Title: title = '',
      ParentId: parent = '',
      Body: body = '',
      Tags: tags = '',
      Score: score = '0',
    } = event.attributes;
    const changed = Date.parse(`${event.attributes['LastActivityDate'] ?? event.attributes['CreationDate'] ?? ''}Z`);
    const at = Number.isNaN(changed) ? null : new Date(changed).toISOString();
    if (type === '1') {
      if (titles.size < MOST_TITLES) titles.set(id, title);
      const about = tags.replaceAll(/[<>|]+/g, ' ').trim();
      yield {
        path: `questions/${id}`,
        at,
        markdown: `# ${title}\n\n${fragmentToMarkdown(body)}\n${about === '' ? '' : `Tags: ${about}\n`}`,
      };
    } else if (type === '2')
      yield {
        path: `questions/${parent}/answers/${id}`,
        at,
        markdown: `# ${titles.get(parent) ?? `Answer to question ${parent}`}\n\n## Answer, ${score} ${score === '1' || score === '-1' ? 'vote' : 'votes'}\n\n${fragmentToMarkdown(body)}`,
      };
  }
}
