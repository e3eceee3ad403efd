import type { Envelope } from '../../contract/index.ts';
import type { ReadableStore } from '../ports/store.ts';

/** The log page by page, in each page the oldest entry first. No page is empty. */

const PAGE = 2_000;

/** What comes after `since`, to its end at that moment. */
export async function* pagesAfter(
  store: Pick<ReadableStore, 'events'>,
  since: number,
  most = PAGE,
): AsyncGenerator<readonly Envelope[], undefined, undefined> {
  let last = since;
  for (let page = await store.events(last, most); page.length > 0; page = await store.events(last, most)) {
    yield page;
    last = page.at(-1)?.seq ?? last;
  }
}

/** From its end back to where it begins, which is not its first entry where old ones were removed: who looks for the last days stops early. */
export async function* pagesBack(
  store: Pick<ReadableStore, 'events' | 'lastSeq'>,
  most = PAGE,
): AsyncGenerator<readonly Envelope[], undefined, undefined> {
  for (let end = await store.lastSeq(); end > 0; end -= most) {
    const from = Math.max(0, end - most);
    const page = (await store.events(from, end - from)).filter(({ seq }) => seq <= end);
    if (page.length === 0) return;
    yield page;
  }
}
