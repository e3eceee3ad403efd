import { type Item, NAME, keyOf, without } from './values.ts';

interface Bucket {
  readonly until: number;
  count: number;
}

/** A difference this small between buckets comes from adding, and means nothing. */
const TOLERANCE = 1e-12;

/** Of histograms whose buckets are series with the label `le`. */
export function histogramQuantile(q: number, items: readonly Item[], warn: (text: string) => void): Item[] {
  if (Number.isNaN(q) || q < 0 || q > 1) warn(`quantile value should be between 0 and 1, got ${q}`);
  const groups = new Map<string, { readonly item: Item; readonly buckets: Bucket[] }>();
  for (const item of items) {
    const until = boundOf(item.labels['le']);
    if (until === undefined) {
      warn(`bucket label "le" is missing or has a malformed value of ${JSON.stringify(item.labels['le'] ?? '')}`);
      continue;
    }
    const labels = { ...without(item.labels, ['le']), ...(item.labels[NAME] === undefined ? {} : { [NAME]: item.labels[NAME] }) };
    const key = keyOf(labels);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { item: { ...item, labels }, buckets: [] }));
    group.buckets.push({ until, count: item.value });
  }
  return [...groups.values()].map(({ item, buckets }) => {
    const { value, mended } = quantile(q, buckets);
    if (mended)
      warn(`input to histogram_quantile needed to be fixed for monotonicity for metric name ${JSON.stringify(item.labels[NAME] ?? '')}`);
    return { labels: item.labels, value, unnamed: true };
  });
}

function boundOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (/^[+]?inf$/i.test(text)) return Infinity;
  if (/^-inf$/i.test(text)) return -Infinity;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function quantile(q: number, given: readonly Bucket[]): { value: number; mended: boolean } {
  const answer = (value: number, mended = false) => ({ value, mended });
  if (Number.isNaN(q)) return answer(NaN);
  if (q < 0) return answer(-Infinity);
  if (q > 1) return answer(Infinity);
  const buckets: Bucket[] = [];
  for (const bucket of [...given].sort((a, b) => a.until - b.until)) {
    const last = buckets.at(-1);
    if (last?.until === bucket.until) last.count += bucket.count;
    else buckets.push({ ...bucket });
  }
  if (buckets.at(-1)?.until !== Infinity) return answer(NaN);
  const mended = makeRising(buckets);
  const all = buckets.at(-1)!.count;
  if (buckets.length < 2 || all === 0 || Number.isNaN(all)) return answer(NaN, mended);
  const rank = q * all;
  const place = buckets.findIndex((b, i) => i === buckets.length - 1 || b.count >= rank);
  const bucket = buckets[place]!;
  if (place === buckets.length - 1) return answer(buckets.at(-2)!.until, mended);
  if (place === 0 && bucket.until <= 0) return answer(bucket.until, mended);
  const from = place === 0 ? 0 : buckets[place - 1]!.until;
  const before = place === 0 ? 0 : buckets[place - 1]!.count;
  return answer(from + (bucket.until - from) * ((rank - before) / (bucket.count - before)), mended);
}

/** Each holds what the smaller ones hold; scraped apart or added up they may seem not to. True where more than rounding was mended. */
function makeRising(buckets: Bucket[]): boolean {
  let mended = false;
  let most = buckets[0]?.count ?? 0;
  for (const bucket of buckets.slice(1)) {
    if (bucket.count > most && !alike(bucket.count, most)) most = bucket.count;
    else if (bucket.count !== most) {
      if (!alike(bucket.count, most)) mended = true;
      bucket.count = most;
    }
  }
  return mended;
}

const alike = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) < TOLERANCE * Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE);
