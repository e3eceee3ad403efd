import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type AuditReport, type Envelope, EnvelopeSchema } from '../../contract/index.ts';
import { storyOf } from '../../contract/story.ts';
import { personHere } from '../person.ts';
import { firstBreak } from '../store/chain.ts';
import { contextNames } from './context-names.ts';
import { untilWhen } from './dismiss.ts';
import { EXIT, Refusal } from './exit.ts';
import { plain, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

const PAGE = 1_000;
const bad = (message: string, hint?: string) => new Refusal({ code: 'bad-input', message, ...(hint === undefined ? {} : { hint }) });

export const run: Run = (args, flags) => {
  const [action, file] = args;
  switch (action) {
    case 'verify':
      return file === undefined ? verify(flags) : Promise.resolve(verifyFile(file, flags));
    case 'export':
      return exported(flags);
    case 'prune':
      return prune(flags);
    default:
      throw bad(`There is no audit ${action ?? '(nothing)'}.`, 'Use verify, export or prune.');
  }
};

const verify: (flags: Parameters<Run>[1]) => Promise<number> = (flags) =>
  withSession(
    flags,
    async ({ client }) => {
      const report = await client.audit.verify({});
      show(flags, report, () => words(report));
      return report.log.intact && report.replay?.same !== false ? EXIT.ok : EXIT.failOn;
    },
    false,
  );

function words({ log, replay }: AuditReport): string {
  if (log.problem !== null)
    return `The event log is not what was written. ${log.problem.message}\n${log.entries} entries before that hold.`;
  const which =
    log.entries === 0
      ? 'It is empty.'
      : `Entries ${log.first ?? 0} to ${log.last ?? 0} follow each other, and fit ${log.checkpoints} signed marks.`;
  return [
    `The event log is what was written. ${which}`,
    ...(log.prunedUpTo === null ? [] : [`Entries up to ${log.prunedUpTo} were removed on purpose.`]),
    ...log.unvouched.map(
      ({ from, to }) =>
        `Nothing vouched for entries ${from} to ${to} when they were found: after a power cut, or from before marks were signed.`,
    ),
    ...(replay === null
      ? []
      : [
          replay.same
            ? 'What it tells, told again, is the state that is stored.'
            : `The state that is stored does not follow from it: ${replay.difference ?? ''}.`,
        ]),
  ].join('\n');
}

/** An exported file: whether its entries are as they were, and follow each other. Nothing signed speaks of a file. */
function verifyFile(path: string, flags: Parameters<Run>[1]): number {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw bad(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const entries = text.split('\n').flatMap((line, i): Envelope[] => (line.trim() === '' ? [] : [entryIn(line, `${path}, line ${i + 1}`)]));
  const broken = firstBreak(entries);
  const answer = {
    intact: broken === undefined,
    entries: entries.length,
    first: entries[0]?.seq ?? null,
    last: entries.at(-1)?.seq ?? null,
    broken: broken ?? null,
  };
  show(flags, answer, () =>
    broken === undefined
      ? `${entries.length} entries are as they were written and follow each other (${answer.first ?? 0} to ${answer.last ?? 0}).`
      : `Entry ${broken} of ${path} is not what was written, or does not follow the one before it.`,
  );
  return broken === undefined ? EXIT.ok : EXIT.failOn;
}

function entryIn(line: string, where: string): Envelope {
  try {
    const value = JSON.parse(line) as { specversion?: unknown; data?: unknown };
    const entry = value.specversion === undefined ? value : value.data;
    // The event is what was hashed: it is held against its hash as it is, also where it is of a newer version.
    const { v, seq, at, prev, hash } = EnvelopeSchema.omit({ event: true }).loose().parse(entry);
    return { v, seq, at, prev, hash, event: (entry as Envelope).event };
  } catch {
    throw bad(`${where} is no entry of an event log.`, 'Give a file that quarterdeck audit export has written.');
  }
}

/** CloudEvents 1.0, structured JSON: the envelope is the data. */
function cloudEventOf(envelope: Envelope, source: string): object {
  return {
    specversion: '1.0',
    id: String(envelope.seq),
    source,
    type: `dev.quarterdeck.${envelope.event.type}`,
    time: envelope.at,
    datacontenttype: 'application/json',
    ...('context' in envelope.event ? { subject: envelope.event.context } : {}),
    description: plain(storyOf(envelope.event)),
    data: envelope,
  };
}

function exported(flags: Parameters<Run>[1]): Promise<number> {
  const { format = 'jsonl', out } = flags as { format?: string; out?: string };
  if (format !== 'jsonl' && format !== 'cloudevents') throw bad('--format takes jsonl or cloudevents.');
  const since = entryNumber(flags, 'since', 0);
  const until = entryNumber(flags, 'until', Number.MAX_SAFE_INTEGER);
  return withSession(
    flags,
    async ({ client }) => {
      const target = out === undefined ? process.stdout : await opened(out);
      const source = `quarterdeck:${(await client.app.info({})).dataDir}`;
      const contexts = await contextNames(client, flags.context);
      let count = 0;
      for await (const envelope of entriesOf(client, since, until)) {
        if (contexts.length > 0 && !('context' in envelope.event && contexts.includes(envelope.event.context ?? ''))) continue;
        const line = `${JSON.stringify(format === 'jsonl' ? envelope : cloudEventOf(envelope, source))}\n`;
        if (!target.write(line)) await once(target, 'drain');
        count++;
      }
      if (out !== undefined) {
        target.end();
        await once(target, 'finish');
        if (flags.quiet !== true) process.stderr.write(`${count} entries written to ${out}\n`);
      }
      return EXIT.ok;
    },
    false,
  );
}

/** For the owner's eyes: a log tells who did what where. */
async function opened(path: string): Promise<Writable> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await once(file, 'open');
    return file;
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw bad(
      exists ? `${path} exists already.` : `${path} cannot be written: ${String(error)}.`,
      exists ? 'Give another name, or remove it first.' : undefined,
    );
  }
}

async function* entriesOf(client: Client, since: number, until: number): AsyncGenerator<Envelope> {
  // What comes while it is written is the next export's.
  const end = Math.min(until, (await client.app.info({})).lastEvent);
  for (let last = since; last < end;) {
    const { events } = await client.events.list({ since: last, limit: PAGE });
    if (events.length === 0) return;
    for (const envelope of events) if (envelope.seq <= end) yield envelope;
    last = events.at(-1)?.seq ?? end;
  }
}

function entryNumber(flags: Parameters<Run>[1], name: 'since' | 'until', fallback: number): number {
  const given = flags[name];
  if (given === undefined) return fallback;
  const number = Number(given);
  if (!Number.isSafeInteger(number) || number < 0) throw bad(`--${name} takes the number of an entry, 0 or more.`);
  return number;
}

function prune(flags: Parameters<Run>[1]): Promise<number> {
  const keep = flags['keep'];
  if (typeof keep !== 'string') throw bad('Say how much is to stay.', 'For example --keep 90d.');
  const now = Date.now();
  const before = new Date(2 * now - Date.parse(untilWhen(keep, now))).toISOString();
  return withSession(
    flags,
    async ({ client }) => {
      const answer = await client.audit.prune({ before, by: personHere() });
      show(flags, answer, () =>
        answer.upTo === null
          ? `Nothing in the log is older than ${before}.`
          : `${answer.removed} entries up to ${answer.upTo} were removed; what is left stays checkable.`,
      );
      return EXIT.ok;
    },
    false,
  );
}
