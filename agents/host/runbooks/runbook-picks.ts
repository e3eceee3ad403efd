import type { Incident, KnowledgeHit, Outcome } from '../../contract/index.ts';
import type { PickedPages } from '../../contract/runbooks.ts';
import { choose } from '../../core/questions/choose.ts';
import { namesOf } from '../../core/questions/explain.ts';
import type { AppParts } from '../app-parts.ts';
import { FIELDS } from '../knowledge/built-in/sources.ts';

const BY = 'runbooks';
const LOOKED_AT = 24;
/** Less likely than this, beside the likeliest, is not worth a model's look. */
const LIKELY = 0.4;
const OFFERED = 8;
const MOST = 3;

interface Page {
  readonly id: string;
  readonly hit: KnowledgeHit;
}

/**
 * Which pages to open for an incident: what is written about its code, which always stands first, and others. Without a model these are
 * the ones of which the search is confident; a model may choose among those that are likely, and can name none that was not found.
 */
export async function pickRunbooks(
  { orchestrator, inference }: Pick<AppParts, 'orchestrator' | 'inference'>,
  incident: Incident,
  signal: AbortSignal | undefined,
): Promise<Outcome<PickedPages>> {
  const { code, message } = incident.rootCause;
  const ask = (text: string) =>
    orchestrator.consultations.ask(BY, null, 'documentation.search', { text: text.slice(0, 2_000), top: LOOKED_AT });
  const [ofCode, ofWords] = [await ask(`${code} what it means`), await ask(`${incident.title} ${message}`)];
  if (!ofCode.ok) return ofCode;
  if (!ofWords.ok) return ofWords;
  const own = pagesOf(ofCode.value.results).filter((p) => isAbout(p, code));
  const likeliest = ofWords.value.results[0]?.score ?? 0;
  const others = pagesOf(ofWords.value.results)
    .filter((p) => !isAbout(p, code) && p.hit.score >= LIKELY * likeliest)
    .slice(0, OFFERED);
  const asked = choose({
    id: 'pickRunbooks',
    about: incident.id,
    situation: `${incident.title}\n${message}`,
    options: others.map(({ id, hit }) => ({ id, text: `${hit.heading}. ${hit.text}` })),
    most: MOST,
    names: namesOf(incident),
  });
  const answered =
    others.length < 2 ? undefined : await inference.ask(asked, { priority: 'person', ...(signal === undefined ? {} : { signal }) });
  if (answered?.ok === false) return answered;
  const { value = [], by = null, refused = null, tookMs = 0 } = answered?.value ?? {};
  const chosen =
    by === null ? others.filter((p) => p.hit.confident).slice(0, MOST) : value.flatMap((id) => others.find((p) => p.id === id) ?? []);
  return {
    ok: true,
    value: {
      incident: incident.id,
      pages: [...own.map((p) => row(p, true)), ...chosen.map((p) => row(p, false))],
      by,
      refused,
      tookMs,
    },
  };
}

const row = ({ hit: { source, path, heading, line, trust } }: Page, own: boolean): PickedPages['pages'][number] => ({
  source,
  path,
  heading,
  line,
  trust,
  own,
});

const isAbout = ({ hit }: Page, code: string): boolean => hit.path.includes(code) || hit.heading.includes(code);

/** The pages that passages stand on, each once with its best passage: none of the reference of fields, none that gives orders to its reader. */
function pagesOf(hits: readonly KnowledgeHit[]): Page[] {
  const pages = new Map<string, Page>();
  for (const hit of hits) {
    const id = `${hit.source}/${hit.path}`;
    if (!hit.givesOrders && hit.source !== FIELDS && !pages.has(id)) pages.set(id, { id, hit });
  }
  return [...pages.values()];
}
