import { type Dismissal, type Failure, type Incident } from '../../contract/index.ts';
import { looksOf } from '../../core/dismissal.ts';
import type { AppParts } from '../app-parts.ts';
import { found, must, os } from './os.ts';

/** What people have accepted. */
export function dismissalProcedures({ book, ports, orchestrator }: AppParts) {
  return {
    dismissals: {
      list: os.dismissals.list.handler(({ input }) => ({
        dismissals: book
          .dismissals()
          .filter((d) => input.context === undefined || d.context === input.context)
          .toReversed(),
      })),
      add: os.dismissals.add.handler(async ({ input, errors }) => {
        const incident = found(
          book.open().find((i) => i.id === input.incident),
          `open incident ${input.incident}`,
          errors,
        );
        const now = ports.clock.now();
        const refused = refusal(incident, input.until, now);
        if (refused !== undefined) return must<Dismissal>({ ok: false, failure: refused }, errors);
        const { code, resource, field } = incident.rootCause;
        const dismissal: Dismissal = {
          id: ports.ids.next('dis'),
          context: incident.context,
          scope: input.scope,
          incident: incident.id,
          title: incident.title,
          code,
          resource,
          ...(field === undefined ? {} : { field }),
          reason: input.reason,
          by: input.by,
          at: new Date(now).toISOString(),
          until: input.until ?? null,
          seen: { [incident.id]: looksOf(incident) },
        };
        await book.dismiss(dismissal);
        await orchestrator.road.abandonFor(incident.id, `the incident was accepted by ${input.by}`);
        return dismissal;
      }),
      takeBack: os.dismissals.takeBack.handler(async ({ input, errors }) => {
        const dismissal = found(
          book.dismissals().find((d) => d.id === input.id),
          `dismissal ${input.id}`,
          errors,
        );
        await book.takeBack(dismissal, input.by);
        return dismissal;
      }),
    },
  };
}

function refusal({ id, dismissed }: Incident, until: string | undefined, now: number): Failure | undefined {
  if (dismissed !== undefined)
    return {
      code: 'conflict',
      message: `Incident ${id} is accepted already, by ${dismissed.by}: ${dismissed.reason}`,
      hint: `quarterdeck dismiss ${id} --take-back lets it be heard of again.`,
    };
  if (until !== undefined && Date.parse(until) <= now)
    return { code: 'bad-input', message: `${until} is over already.`, hint: 'Give a time that is still to come.' };
  return undefined;
}
