import type { Envelope, Plan } from '../agents/contract/index.ts';
import type { App } from '../agents/host/app.ts';

/** Whom the desktop tells that somebody is waited for, beside the window: the tray, the badge, and a notification. */
export interface Desktop {
  /** Plans that wait for a decision, and whether all agents are held. */
  show(state: { readonly waiting: number; readonly held: boolean }): void;
  /** Only while nobody looks at the window. */
  notify(note: { readonly title: string; readonly body: string; readonly route: string }): void;
}

/** A storm of plans is one notification: what comes within this time is told together. Milliseconds. */
const TOGETHER_MS = 1_500;

/**
 * Follows the log and tells the desktop. Notifications are only of what waits for a person: an approval asked for, and an incident of
 * critical severity. Returns the end of it.
 */
export function attend(
  { client }: Pick<App, 'client'>,
  desktop: Desktop,
  clock: { after(ms: number, run: () => void): () => void },
): () => void {
  const over = new AbortController();
  let notes: { readonly title: string; readonly body: string; readonly route: string }[] = [];
  let cancel: (() => void) | undefined;
  const tell = () => {
    cancel = undefined;
    const [first] = notes;
    const more = notes.length - 1;
    if (first !== undefined)
      desktop.notify(
        more === 0
          ? first
          : {
              title: `${first.title}, and ${more} more`,
              body: notes
                .map((n) => n.body)
                .slice(0, 4)
                .join('\n'),
              route: '#/approvals',
            },
      );
    notes = [];
  };
  /** Found in maintenance: told when that is over. */
  const untold = new Set<string>();
  const hear = async ({ event }: Envelope): Promise<void> => {
    if (event.type === 'incident.opened' || event.type === 'incident.updated') {
      const { incident } = event;
      const due = event.type === 'incident.opened' || untold.has(incident.id);
      untold.delete(incident.id);
      if (incident.maintenance !== undefined && due) untold.add(incident.id);
      else if (due && incident.severity === 'critical' && incident.dismissed === undefined)
        notes.push({
          title: `Critical in ${incident.context}`,
          body: incident.title,
          route: `#/incidents/${encodeURIComponent(incident.id)}`,
        });
    }
    if (event.type === 'incident.resolved') untold.delete(event.incident);
    if (event.type === 'approval.requested') {
      const plan = await client.plans.get({ id: event.plan }).catch(() => undefined);
      // What a rule decides waits for nobody.
      if (plan?.state === 'awaitingApproval' && plan.autonomy?.give !== 'auto') notes.push(noteOf(plan));
    }
    if (notes.length > 0) cancel ??= clock.after(TOGETHER_MS, tell);
    if (MOVES_PLANS.has(event.type)) await count();
  };
  const count = async (): Promise<void> => {
    const [{ plans }, hold] = await Promise.all([client.plans.list({ state: 'waiting' }), client.hold.get({})]);
    if (!over.signal.aborted) desktop.show({ waiting: plans.length, held: hold.held });
  };
  void (async () => {
    const { lastEvent } = await client.app.info({});
    await count();
    const { incidents } = await client.incidents.list({});
    for (const { id, maintenance } of incidents) if (maintenance !== undefined) untold.add(id);
    for await (const envelope of await client.events.stream({ since: lastEvent }, { signal: over.signal })) await hear(envelope);
  })().catch(() => undefined);
  return () => {
    over.abort();
    cancel?.();
  };
}

/** After these another number of plans may wait, or the hold is another. */
const MOVES_PLANS: ReadonlySet<string> = new Set([
  'approval.requested',
  'approval.resolved',
  'plan.abandoned',
  'plan.expired',
  'plan.settled',
  'agents.held',
  'agents.released',
]);

const noteOf = (plan: Plan) => ({
  title: `${plan.context}: a decision is asked`,
  body: `${plan.title} (${plan.risk} risk)`,
  route: `#/approvals/${encodeURIComponent(plan.id)}`,
});
