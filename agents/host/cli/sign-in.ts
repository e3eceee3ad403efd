import type { Envelope, HostEvent } from '../../contract/index.ts';
import { plain } from './print.ts';
import type { Client } from './session.ts';

/** Shows on stderr what a login asks the person for, while a verb waits for it: an address to open, a code to enter. */

/** So many of the latest entries are looked through for a login that waits already. */
const LOOK_BACK = 100;

type Write = (text: string) => void;

/** Entries that were there before are shown too where nothing has ended them: with `-q` as well, for without it nothing goes on. */
export async function showSignIns(client: Client, signal: AbortSignal, write: Write = toStderr): Promise<void> {
  try {
    const { lastEvent } = await client.app.info({});
    const since = Math.max(0, lastEvent - LOOK_BACK);
    const { events } = await client.events.list({ since, limit: LOOK_BACK });
    for (const event of openOnes(events)) show(event, write);
    for await (const { event } of await client.events.stream({ since: Math.max(lastEvent, events.at(-1)?.seq ?? 0) }, { signal }))
      show(event, write);
  } catch {
    // The verb has what it wanted and ended this; or nobody answers, which the verb itself meets and says.
  }
}

/** What was asked since the last time the login of that user in that context ended, or the app began. */
export function openOnes(events: readonly Envelope[]): readonly HostEvent[] {
  let open: Extract<HostEvent, { type: 'signIn.asked' }>[] = [];
  for (const { event } of events) {
    if (event.type === 'app.started') open = [];
    else if (event.type === 'signIn.asked') open.push(event);
    else if (event.type === 'signIn.ended') open = open.filter((o) => o.context !== event.context || o.user !== event.user);
  }
  return open;
}

function show(event: HostEvent, write: Write): void {
  if (event.type === 'signIn.asked') write(`${plain(event.context)}: the login of ${plain(event.user)} says:\n${indented(event.text)}\n`);
  else if (event.type === 'signIn.ended' && event.failure === null) write(`${plain(event.context)}: ${plain(event.user)} is logged in.\n`);
}

const indented = (text: string): string => plain(text).replaceAll(/^/gm, '  ');

/** On a terminal the line of progress is wiped first. */
function toStderr(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : text);
}
