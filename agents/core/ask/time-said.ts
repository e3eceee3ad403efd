/** The time that a question speaks of, as far as it says one. */

export interface TimeSaid {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** As it was said: "the last 2 hours". */
  readonly words: string;
}

export interface Now {
  readonly now: number;
  /** When this day began where the person is, milliseconds since 1970. */
  readonly dayBegan: number;
}

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|sec|second)/, 1_000],
  [/^(?:m|min|minute)s?$|^min/, 60_000],
  [/^(?:h|hr|hour)/, 3_600_000],
  [/^(?:d|day)/, 86_400_000],
  [/^(?:w|week)/, 7 * 86_400_000],
];
const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  ten: 10,
  twelve: 12,
  few: 3,
  couple: 2,
  half: 0.5,
};
const SPAN =
  /\b(?:(?:in|over|during|within|for) )?(?:the )?(?:last|past|previous) (?:(\d+(?:\.\d+)?|an?|one|two|three|four|five|six|ten|twelve|few|couple of|half(?: an?)?) ?)?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\b|\b(\d+(?:\.\d+)?|an?|one|two|three|four|five|six|ten|twelve|half(?: an?)?) ?(secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?) ago\b/;
const CLOCK = /\b(?:since|after) (?:about )?(\d{1,2})(?::(\d{2}))?(?: ?(am|pm))?\b/;
const DAY_MS = 86_400_000;

/** Undefined where it says no time. What is to come is no time of this kind. */
export function timeSaid(question: string, { now, dayBegan }: Now): TimeSaid | undefined {
  const text = question.toLowerCase();
  const span = SPAN.exec(text);
  if (span !== null) {
    const [words, number = '1', unit = '', ago, agoUnit] = span;
    const count = countOf(ago ?? number);
    const ms = UNIT_MS.find(([said]) => said.test(agoUnit ?? unit))?.[1] ?? 3_600_000;
    return { from: now - count * ms, to: now, words: words.trim() };
  }
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const [words, hour = '', minute = '0', half] = clock;
    const hours = (Number(hour) % (half === undefined ? 24 : 12)) + (half === 'pm' ? 12 : 0);
    const today = dayBegan + hours * 3_600_000 + Number(minute) * 60_000;
    return { from: today > now ? today - DAY_MS : today, to: now, words };
  }
  if (/\byesterday\b/.test(text))
    return { from: dayBegan - DAY_MS, to: /\bsince yesterday\b/.test(text) ? now : dayBegan, words: 'yesterday' };
  if (/\b(?:last night|over night|overnight)\b/.test(text)) return { from: dayBegan - 6 * 3_600_000, to: now, words: 'last night' };
  if (/\b(?:today|this morning|this afternoon|this evening|tonight)\b/.test(text)) return { from: dayBegan, to: now, words: 'today' };
  if (/\bthis week\b/.test(text)) return { from: now - 7 * DAY_MS, to: now, words: 'the last 7 days' };
  return undefined;
}

const countOf = (said: string): number => NUMBERS[said.split(' ')[0] ?? ''] ?? (Number(said) || 1);

/** `40 s`, `12 min`, `3 h`, `5 d`: a span of milliseconds, to the unit that matters. */
export function spanWords(ms: number): string {
  const s = Math.round(ms / 1_000);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.round(s / 60)} min`;
  return s < 172_800 ? `${Math.round(s / 3_600)} h` : `${Math.round(s / 86_400)} d`;
}
