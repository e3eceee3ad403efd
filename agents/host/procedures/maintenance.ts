import type { Failure, Maintenance } from '../../contract/index.ts';
import { isMaintenanceActive } from '../../core/maintenance.ts';
import type { AppParts } from '../app-parts.ts';
import { chooseContext } from '../diagnosis.ts';
import { found, must, os } from './os.ts';

/** Where people have said that they work. */
export function maintenanceProcedures(parts: Pick<AppParts, 'ports' | 'store' | 'maintenance'>) {
  const { ports, store, maintenance: book } = parts;
  return {
    maintenance: {
      list: os.maintenance.list.handler(({ input }) => ({
        maintenance: book
          .all()
          .filter((m) => input.context === undefined || m.context === input.context)
          .map((m) => ({ ...m, active: isMaintenanceActive(m, ports.clock.now()) })),
      })),
      add: os.maintenance.add.handler(async ({ input, errors }) => {
        const now = ports.clock.now();
        const refused = refusal(input, now);
        if (refused !== undefined) return must<Maintenance>({ ok: false, failure: refused }, errors);
        const context = must(await chooseContext(parts, input.context), errors);
        const { scope, reason, by, window } = input;
        const at = new Date(now).toISOString();
        const maintenance: Maintenance = {
          ...{ id: ports.ids.next('mnt'), context, scope, from: input.from ?? at, until: input.until ?? null, reason, by, at },
          ...(window === undefined ? {} : { window }),
        };
        await store.appendWithMaintenance([{ type: 'maintenance.added', context, maintenance }], [maintenance], []);
        book.add(maintenance);
        return maintenance;
      }),
      end: os.maintenance.end.handler(async ({ input, errors }) => {
        const maintenance = found(
          book.all().find((m) => m.id === input.id),
          `maintenance ${input.id}`,
          errors,
        );
        const { context, id } = maintenance;
        const because = 'it was ended';
        await store.appendWithMaintenance([{ type: 'maintenance.ended', context, maintenance: id, because, by: input.by }], [], [id]);
        book.remove(maintenance);
        return maintenance;
      }),
    },
  };
}

function refusal(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  now: number,
): Failure | undefined {
  if (until === undefined) return undefined;
  if (Date.parse(until) <= now)
    return { code: 'bad-input', message: `${until} is over already.`, hint: 'Give an end that is still to come.' };
  if (from !== undefined && Date.parse(until) <= Date.parse(from))
    return { code: 'bad-input', message: `It would end at ${until}, before it begins at ${from}.` };
  return undefined;
}
