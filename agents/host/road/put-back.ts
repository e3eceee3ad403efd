import { type Json, type Plan, refWords } from '../../contract/index.ts';
import { find } from '../actions/json-patch.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Rehearser } from '../ports/writer.ts';
import { stepsBack } from './left-behind.ts';
import { DOWN, OFFLINE_MS, VERIFY_MS, type Verified, lastingTargets } from './verification.ts';

const LOOK_MS = 2_000;

interface Parts {
  readonly clock: Clock;
  readonly reader: Pick<Rehearser, 'read'>;
}

type Look = { readonly is: 'as put' | 'not yet' | 'otherwise' | 'unseen'; readonly words: string };

/**
 * What proves an undo, and what a person set by hand: an undo leads back to a state with an incident, so there is no code that could be gone. Each value is the one it set, the
 * controllers of workloads have taken it up, and nobody, a GitOps controller least of all, has put another there when it has stood for its
 * time. `signal` ends it without an answer (null).
 */
export async function putBack(plan: Plan, parts: Parts, signal: AbortSignal): Promise<Verified | null> {
  const { clock } = parts;
  const begun = clock.now();
  let since: number | undefined;
  for (;;) {
    const { is, words } = await look(plan, parts);
    if (signal.aborted) return null;
    const now = clock.now();
    if (is === 'otherwise') return { holds: false, because: words };
    if (is !== 'as put') since = undefined;
    else since ??= now;
    if (since !== undefined && now - since >= plan.stableForSeconds * 1000)
      return { holds: true, because: `${words}, for ${plan.stableForSeconds} s` };
    const limit = is === 'unseen' ? OFFLINE_MS : VERIFY_MS;
    if (since === undefined && now - begun >= limit)
      return { holds: false, because: `not so after ${Math.round((now - begun) / 1000)} s: ${words}` };
    const left = since === undefined ? LOOK_MS : since + plan.stableForSeconds * 1000 - now;
    if (!(await pause(clock, Math.min(LOOK_MS, left), signal))) return null;
  }
}

async function look(plan: Plan, { reader }: Parts): Promise<Look> {
  const steps = await stepsBack(plan, reader);
  if (!steps.ok) return { is: DOWN.has(steps.failure.code) ? 'unseen' : 'otherwise', words: steps.failure.message };
  const fields = steps.value.map((s) => s.field);
  const other = fields.filter((f) => f.state !== 'asLeft');
  if (other.length > 0)
    return {
      is: 'otherwise',
      words: other
        .map(
          (f) => `${f.field} of ${refWords(f.target)} is ${f.now}, where ${f.left} was ${plan.undoes === undefined ? 'set' : 'put back'}`,
        )
        .join('; '),
    };
  const targets = await Promise.all(lastingTargets(plan).map(async (ref) => ({ ref, live: await reader.read(plan.context, ref) })));
  for (const { ref, live } of targets) {
    if (live.ok && !isTakenUp(live.value)) return { is: 'not yet', words: `the controller of ${refWords(ref)} has not taken it up` };
    if (!live.ok) return { is: DOWN.has(live.failure.code) ? 'unseen' : 'otherwise', words: `${refWords(ref)}: ${live.failure.message}` };
  }
  const said = fields.map((f) => `${f.field} of ${refWords(f.target)} is ${f.left}`).join('; ');
  const ready = targets.flatMap(({ ref, live }) => (live.ok ? readyWords(refWords(ref), live.value) : [])).join('; ');
  return {
    is: 'as put',
    words: `${said === '' ? `it is as it was ${plan.undoes === undefined ? 'set' : 'put back'}` : said}${ready === '' ? '' : ` (${ready})`}`,
  };
}

/** Where its controller says which generation it has seen, that is this one. */
function isTakenUp(object: Json): boolean {
  const [is, seen] = [find(object, '/metadata/generation'), find(object, '/status/observedGeneration')];
  return typeof is !== 'number' || typeof seen !== 'number' || seen >= is;
}

/** For the reader alone: as before, the pods may be what the undone plan was for. */
function readyWords(name: string, object: Json): readonly string[] {
  const [wanted, ready] = [find(object, '/spec/replicas'), find(object, '/status/readyReplicas') ?? 0];
  return typeof wanted === 'number' && typeof ready === 'number' ? [`${ready} of ${wanted} pods of ${name} ready`] : [];
}

/** False where it was ended before. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (whole: boolean) => {
      cancel();
      signal.removeEventListener('abort', early);
      resolve(whole);
    };
    const early = () => end(false);
    const cancel = clock.after(ms, () => end(true));
    signal.addEventListener('abort', early, { once: true });
    if (signal.aborted) early();
  });
}
