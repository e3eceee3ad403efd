import type { Incident, KnowledgeHit, Outcome } from '../contract/index.ts';
import type { PickedPages } from '../contract/runbooks.ts';
import { choose } from '../core/questions/choose.ts';
import { namesOf } from '../core/questions/explain.ts';
import type { AppParts } from './app-parts.ts';

const BY = 'runbooks';
const LOOKED_AT = 24;
const OFFERED = 8;
const MOST = 3;

interface Page {
  readonly id: string;
  readonly hit: KnowledgeHit;
  readonly own: boolean;
}

/**
 * Which pages to open for an incident: what is written about its code, which always stands first, and others that are likely to be about
 * it. Of these others a model may say which are; it can name no page that was not found.
 */
export async function pickRunbooks(
  { orchestrator, inference }: Pick<AppParts, 'orchestrator' | 'inference'>,
  incident: Incident,
  signal: AbortSignal | undefined,
): Promise<Outcome<PickedPages>> {
  const { code, message } = incident.rootCause;
  const text = `${code} ${incident.title} ${message}`.slice(0, 2_000);
  const found = await orchestrator.consultations.ask(BY, null, 'documentation.search', { text, top: LOOKED_AT });
  if (!found.ok) return found;
  const pages = pagesOf(found.value.results, code);
  const own = pages.filter((p) => p.own);
  const others = pages.filter((p) => !p.own && p.hit.confident).slice(0, OFFERED);
  const nothing = { value: others.slice(0, MOST).map((p) => p.id), by: null, refused: null, tookMs: 0 };
  const asked = choose({
    id: 'pickRunbooks',
    about: incident.id,
    situation: `${incident.title}\n${message}`,
    options: others.map(({ id, hit }) => ({ id, text: `${hit.heading}. ${hit.text}` })),
    most: MOST,
    names: namesOf(incident),
  });
  const answered =
    others.length < 2
      ? { ok: true as const, value: nothing }
      : await inference.ask(asked, { priority: 'person', ...(signal === undefined ? {} : { signal }) });
  if (!answered.ok) return answered;
  const { value, by, refused, tookMs } = answered.value;
  const chosen = value.flatMap((id) => others.find((p) => p.id === id) ?? []);
  return {
    ok: true,
    value: {
      incident: incident.id,
      pages: [...own, ...chosen].map(({ hit: { source, path, heading, line, trust }, own: isOwn }) => ({
        source,
        path,
        heading,
        line,
        trust,
        own: isOwn,
      })),
      by,
      refused,
      tookMs,
    },
  };
}

/** The pages that passages stand on, each once with its best passage; none that is worded as an order to its reader. */
function pagesOf(hits: readonly KnowledgeHit[], code: string): Page[] {
  const pages = new Map<string, Page>();
  for (const hit of hits) {
    const id = `${hit.source}/${hit.path}`;
    if (!hit.givesOrders && !pages.has(id)) pages.set(id, { id, hit, own: hit.path.includes(code) || hit.heading.includes(code) });
  }
  return [...pages.values()];
}
