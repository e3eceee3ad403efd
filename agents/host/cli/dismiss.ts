import { DISMISSAL_SCOPES, type Dismissal } from '../../contract/index.ts';
import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import { show } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `7d`, `12h`, or a time: the end of it, as RFC 3339. */
export function untilWhen(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d+)(m|h|d|w)$/.exec(text) ?? [];
  const at = new Date(count === undefined ? text : now + Number(count) * (UNITS[unit] ?? 0));
  if (Number.isNaN(at.getTime()))
    throw new Refusal({
      code: 'bad-input',
      message: `"${text}" is neither a span nor a time.`,
      hint: 'Write 12h, 7d, 4w, or 2026-12-01T08:00:00Z.',
    });
  return at.toISOString();
}

export const run: Run = ([id = ''], flags) => {
  const scope = DISMISSAL_SCOPES.find((s) => s === flags['scope']);
  if (scope === undefined) throw new Refusal({ code: 'bad-input', message: `--scope takes one of ${DISMISSAL_SCOPES.join(', ')}.` });
  const back = flags['takeBack'] === true;
  const reason = typeof flags['reason'] === 'string' ? flags['reason'].trim() : '';
  if (!back && reason === '')
    throw new Refusal({
      code: 'bad-input',
      message: 'What is accepted needs a reason.',
      hint: 'For example --reason "waits for the new nodes, ticket 4711".',
    });
  const until = typeof flags['until'] === 'string' ? untilWhen(flags['until'], Date.now()) : undefined;
  return withSession(flags, async ({ client }) => {
    const by = personHere();
    if (back) {
      const { dismissals } = await client.dismissals.list({});
      const meant = dismissals.find((d) => d.id === id) ?? dismissals.find((d) => d.incident === id || id in d.seen);
      if (meant === undefined) throw new Refusal({ code: 'not-found', message: `Nothing is accepted as ${id}.`, hint: listHint });
      await client.dismissals.takeBack({ id: meant.id, by });
      show(flags, meant, () => `${meant.title}\nis heard of again.`);
      return EXIT.ok;
    }
    const dismissal = await client.dismissals.add({ incident: id, scope, reason, by, ...(until === undefined ? {} : { until }) });
    show(flags, dismissal, () => saying(dismissal));
    return EXIT.ok;
  });
};

const listHint = 'quarterdeck incidents --state dismissed lists what is.';

function saying({ title, scope, until, id }: Dismissal): string {
  const reach = {
    incident: '',
    object: ' and everything else that this object causes',
    code: ' and the same fault elsewhere in its namespace',
  };
  return `${title}\nis accepted${reach[scope]}, until ${until === null ? 'something about it changes' : `${until}, or something about it changes`}. Take it back with quarterdeck dismiss ${id} --take-back`;
}
