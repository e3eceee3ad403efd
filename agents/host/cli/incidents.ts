import type { Incident } from '../../contract/index.ts';
import { namespaceOf } from '../../contract/refs.ts';
import { contextNames, isWithin } from './context-names.ts';
import { EXIT, Refusal } from './exit.ts';
import { age, columns, paint, show } from './print.ts';
import { withSession } from './session.ts';
import { severityStyle } from './styles.ts';
import type { Run } from './verb.ts';

const STATES = ['open', 'dismissed', 'resolved', 'all'] as const;

/** Who accepted it, and why. */
const stateWords = ({ state, dismissed, maintenance }: Incident) =>
  dismissed !== undefined
    ? `accepted by ${dismissed.by}: ${dismissed.reason}`
    : state === 'open' && maintenance !== undefined
      ? `in maintenance by ${maintenance.by}: ${maintenance.reason}`
      : state;

export const run: Run = (_args, flags) => {
  const state = STATES.find((s) => s === flags['state']);
  if (state === undefined) throw new Refusal({ code: 'bad-input', message: `--state takes one of ${STATES.join(', ')}.` });
  const like = flags['similar'];
  return withSession(flags, async ({ client }) => {
    if (typeof like === 'string') {
      const answer = await client.incidents.similar({ id: like });
      show(flags, answer, () =>
        answer.incidents.length === 0
          ? 'Nothing that is over was like it.'
          : columns(
              ['incident', 'alike', 'because', 'over since', 'context', 'what helped'],
              answer.incidents.map((i) => [
                i.id,
                i.score.toFixed(2),
                i.because,
                age(i.resolvedAt),
                i.context,
                i.plans.find((p) => p.state === 'done')?.title ?? '-',
              ]),
            ),
      );
      return EXIT.ok;
    }
    const { incidents } = await client.incidents.list({ state });
    const contexts = await contextNames(client, flags.context);
    const wanted = incidents.filter(
      (i) =>
        (contexts.length === 0 || contexts.includes(i.context)) && isWithin(flags, [i.rootCause.resource, ...i.affects].map(namespaceOf)),
    );
    show(flags, { incidents: wanted }, () =>
      wanted.length === 0
        ? state === 'dismissed'
          ? 'No incident is accepted.'
          : 'No incident is known. quarterdeck diagnose looks at a cluster now.'
        : columns(
            ['incident', 'severity', 'state', 'context', 'last seen', 'title'],
            wanted.map((i) => [
              i.id,
              paint(flags, severityStyle(i.severity), i.severity),
              stateWords(i),
              i.context,
              age(i.lastSeen),
              i.title,
            ]),
          ),
    );
    return EXIT.ok;
  });
};
