import type { CustomResourceFact } from '../../contract/index.ts';

/** What custom resources say against themselves, by the habits of those who write operators. */

type Condition = CustomResourceFact['conditions'][number];

/** What an object says against itself: by a condition, or by the word that sums up its status. */
export interface Complaint {
  readonly field: string;
  readonly is: string;
  readonly reason: string;
  readonly message: string;
  readonly at?: string | undefined;
}

/** A condition changes while a controller works; what stays so for a minute is no step on the way. */
const GRACE_MS = 60_000;
/** Where the reason says that it is being worked on, it is given longer. */
const WORKING_MS = 600_000;
const WORKING = /progress|pending|creat|initiali[sz]|provision|waiting|reconciling|deploying|upgrading|bootstrapping/i;

const WELL_IF_TRUE = new Set(['Ready', 'Available', 'Synced', 'Healthy', 'Reconciled', 'Installed', 'Accepted']);
const UNWELL_IF_TRUE = /^(?:Degraded|Failed|Stalled|NotReady|\w+Error)$/;
/** A run that could not be begun; one that was and failed is the outcome of what it ran. */
const OUTCOME = /^(?:\w*Failed|\w*Cancel\w*|\w*Time(?:d?o|dO)ut|Stopped\w*|Error|Completed)$/i;
/** Words by which a status sums up that it is not well; `PartiallyFailed` and `not-ready` alike. */
const BAD_WORD =
  /^(?:\w*(?:failed|error|errored|failure|unavailable|unhealthy|invalid|degraded|faulted|rejected|misconfigured)|failed\w*|not_?ready|red|offline|broken|health_err)$/i;
/** What is said when something went wrong, and not merely goes on. */
const COMPLAINS =
  /denied|forbidden|unauthori[sz]ed|not (?:found|exist|authori[sz]ed|permitted|allowed)|fail(?:ed|ure)|error|invalid|refused|cannot|unable|expired/i;

/** What it says against itself, what tells most first: the longer words, and a condition before the one word of the status. */
export function complaints(object: CustomResourceFact, now: number): readonly Complaint[] {
  const { generation = 0, observedGeneration, suspended, leaving } = object;
  if (suspended || leaving || (observedGeneration !== undefined && observedGeneration < generation)) return [];
  const bad = object.conditions
    .filter(
      (c) =>
        isBad(c) &&
        (c.observedGeneration ?? generation) >= generation &&
        now - Date.parse(c.at ?? '') >= (WORKING.test(c.reason) ? WORKING_MS : GRACE_MS),
    )
    .map(({ type, reason, message, at }): Complaint => ({
      field: `status.conditions[type=${type}]`,
      is: UNWELL_IF_TRUE.test(type) ? type.replace(/^Not(?=[A-Z])/, 'not ') : `not ${type}`,
      reason,
      message,
      at,
    }))
    .sort((a, b) => b.message.length - a.message.length);
  return [...bad, ...summed(object, bad.length > 0, now)];
}

function isBad({ type, status, reason }: Condition): boolean {
  if (type === 'Succeeded') return status === 'False' && !OUTCOME.test(reason);
  return (WELL_IF_TRUE.has(type) && status === 'False') || (UNWELL_IF_TRUE.test(type) && status === 'True');
}

/** The word that sums it up, where it is a bad one, or where it waits and says what for is wrong; beside a bad condition whatever is said. */
function summed({ summary, conditions, created }: CustomResourceFact, isUnwell: boolean, now: number): readonly Complaint[] {
  if (summary === undefined) return [];
  const { words, message } = summary;
  const age = now - Date.parse(created ?? '');
  const bad = words.find(({ word }) => BAD_WORD.test(word.replaceAll(/[-\s]+/g, '_')) && !(age < GRACE_MS));
  const waits = words.find(({ word }) => WORKING.test(word) && COMPLAINS.test(message) && age > WORKING_MS);
  const told = bad ?? waits ?? (isUnwell && message !== '' ? words[0] : undefined);
  if (told === undefined) return [];
  const further = conditions.filter((c) => c.status === 'False').sort((a, b) => b.message.length - a.message.length)[0];
  return [{ field: `status.${told.field}`, is: told.word, reason: '', message: message || (further?.message ?? ''), at: created }];
}

export const said = ({ reason, message }: Complaint) => [reason, message].filter((s) => s !== '').join(': ') || 'it does not say why';

/** The number, the time or the letters by which a run differs from the one before. */
const RUN = /-(?:[a-z]*\d[a-z0-9]*|[bcdfghjklmnpqrstvwxz]{5})$/;

/** Runs come in series (`nightly-20260301`, `web-3`), told by their names; what was run again is judged by the last. */
export function lastOfSeries(objects: readonly CustomResourceFact[]): ReadonlySet<CustomResourceFact> {
  const last = new Map<string, CustomResourceFact>();
  for (const object of objects) {
    const series = `${object.namespace ?? ''}/${object.name.replace(RUN, '')}`;
    const known = last.get(series);
    if (known === undefined || (known.created ?? '') <= (object.created ?? '')) last.set(series, object);
  }
  return new Set(last.values());
}
