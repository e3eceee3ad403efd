import { z } from 'zod';
import { shielded } from './html.ts';

/** The parts of an export that are read: who wrote what, when, and in answer to which message. */
const MessageSchema = z.object({
  type: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  username: z.string().optional(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
});
type Message = z.output<typeof MessageSchema>;
export const SlackDaySchema = z.array(MessageSchema.or(z.unknown().transform(() => undefined)));
export const SlackUsersSchema = z.array(
  z.object({ id: z.string(), name: z.string().default(''), profile: z.object({ real_name: z.string().optional() }).optional() }),
);
export const SlackChannelsSchema = z.array(z.object({ name: z.string() }));

export interface SlackThread {
  /** Of its first message: its number in the channel. */
  readonly id: string;
  readonly at: string;
  readonly markdown: string;
}

/** Messages that nobody answered belong together where no longer than this lies between them, seconds. */
const PAUSE = 30 * 60;

/** Who came and went, what was pinned and renamed: nothing that is known. */
const NOISE = /^(?:channel_|group_|bot_add|bot_remove|pinned_item|unpinned_item|reminder_|tombstone|sh_room|huddle)/;

/** The conversations of a channel: threads whole, the rest by the pauses between them. */
export function threadsOf(channel: string, messages: readonly (Message | undefined)[], users: ReadonlyMap<string, string>): SlackThread[] {
  const said = messages
    .filter((m): m is Message => m !== undefined && m.text.trim() !== '' && !NOISE.test(m.subtype ?? ''))
    .sort((a, b) => Number(a.ts) - Number(b.ts));
  const threads = new Map<string, Message[]>();
  const answered = new Set(said.flatMap((m) => (m.thread_ts !== undefined && m.thread_ts !== m.ts ? [m.thread_ts] : [])));
  let loose: { readonly id: string; last: number } | undefined;
  for (const message of said) {
    let id = message.thread_ts ?? message.ts;
    if (!answered.has(id)) {
      const now = Number(message.ts);
      if (loose === undefined || now - loose.last > PAUSE) loose = { id, last: now };
      loose.last = now;
      id = loose.id;
    }
    const there = threads.get(id);
    if (there === undefined) threads.set(id, [message]);
    else there.push(message);
  }
  return [...threads].map(([id, all]) => {
    const lines = all.map(
      (m) => `${m.user === undefined ? (m.username ?? 'somebody') : (users.get(m.user) ?? m.user)}: ${wordsOf(m.text, users)}`,
    );
    const first = wordsOf(all[0]?.text ?? '', users).split('\n')[0] ?? '';
    const last = Number(all.at(-1)?.ts ?? 0) * 1_000;
    return {
      id,
      at: new Date(Number.isFinite(last) ? last : 0).toISOString(),
      markdown: `# #${channel}: ${first.length > 90 ? `${first.slice(0, 89)}…` : first}\n\n${lines.join('\n\n')}\n`,
    };
  });
}

/** As it was read by people: names for numbers, links by their words, code in lines of its own. */
function wordsOf(text: string, users: ReadonlyMap<string, string>): string {
  const plain = text
    .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users.get(id) ?? id}`)
    .replaceAll(/<#\w+\|([^>]*)>/g, '#$1')
    .replaceAll(/<!(\w+)[^>]*>/g, '@$1')
    .replaceAll(/<([^|>]+)\|([^>]+)>/g, '$2 ($1)')
    .replaceAll(/<((?:https?|mailto):[^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return plain
    .split('```')
    .map((part, i) => (i % 2 === 0 ? shielded(part) : `\n\n\`\`\`\n${part.replace(/^\n|\n$/g, '')}\n\`\`\`\n\n`))
    .join('')
    .trim();
}
