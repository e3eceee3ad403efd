import { SEVERITIES } from '../../../contract/index.ts';
import type { ReadingFor } from './reading-for.ts';

const SHOWN = 8;

/** Which incidents are open in a cluster, the gravest first. False where none is known of: then it is looked whether there is one. */
export async function tellOpenIncidents({ parts: { store }, turn, context, reading }: ReadingFor): Promise<boolean> {
  const { namespaces } = reading.mentions;
  const open = (await store.incidents('open'))
    .filter((i) => i.context === context && (namespaces.length === 0 || namespaces.includes(i.rootCause.resource.namespace ?? '')))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  if (open.length === 0) return false;
  turn.foundIn('cluster');
  turn.isAbout({ incidents: open.map(({ id }) => id) });
  turn.draft.say(
    'about',
    `${open.length} ${open.length === 1 ? 'incident is' : 'incidents are'} open${namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`}:`,
  );
  for (const { id, title, rootCause } of open.slice(0, SHOWN))
    turn.draft.quote('Now', title, { kind: 'incident', id, context, code: rootCause.code, text: title });
  if (open.length > SHOWN) turn.draft.say('more', `${open.length - SHOWN} more: quarterdeck incidents.`);
  return true;
}
