import type { Envelope } from '../../contract/index.ts';
import { storyOf } from '../../contract/story.ts';
import { contextNames } from './context-names.ts';
import { EXIT, Refusal } from './exit.ts';
import type { CommonFlags } from './flags.ts';
import { plain, print } from './print.ts';
import { withSession } from './session.ts';
import type { Run } from './verb.ts';

const PAGE = 1_000;

export const run: Run = (_args, flags) => {
  const since = Number(flags['since']);
  if (!Number.isSafeInteger(since) || since < 0)
    throw new Refusal({ code: 'bad-input', message: '--since takes the number of an entry, 0 or more.' });
  return withSession(flags, async ({ client }) => {
    const contexts = await contextNames(client, flags.context);
    let last = since;
    for (;;) {
      const { events } = await client.events.list({ since: last, limit: PAGE });
      for (const envelope of events) line(flags, contexts, envelope);
      last = events.at(-1)?.seq ?? last;
      if (events.length < PAGE) break;
    }
    if (flags['follow'] !== true) return EXIT.ok;
    for await (const envelope of await client.events.stream({ since: last })) line(flags, contexts, envelope);
    return EXIT.ok;
  });
};

function line(flags: CommonFlags, contexts: readonly string[], envelope: Envelope): void {
  if (contexts.length > 0 && !('context' in envelope.event && contexts.includes(envelope.event.context ?? ''))) return;
  if (flags.output === 'json') print(JSON.stringify(envelope));
  else print(`${String(envelope.seq).padStart(5)}  ${envelope.at.slice(0, 19).replace('T', ' ')}  ${plain(storyOf(envelope.event))}`);
}
