import type { Window } from '../contract/index.ts';

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const DAY = 1_440;

/** Day (`mon`…) and minute of the day of a moment in a time zone; the day before, for windows that reach over midnight. */
function local(now: number, timeZone: string): { readonly day: string; readonly before: string; readonly minute: number } {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const parts = Object.fromEntries(format.formatToParts(now).map((p) => [p.type, p.value]));
  const day = (parts['weekday'] ?? '').slice(0, 3).toLowerCase();
  const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  return { day, before: week[(week.indexOf(day) + 6) % 7] ?? '', minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

/** Whether a moment (milliseconds since 1970) lies in the window. */
export function isWithin({ days, from, to, timezone }: Window, now: number): boolean {
  const { day, before, minute } = local(now, timezone);
  const on = (d: string) => days === undefined || (days as readonly string[]).includes(d);
  const start = minutes(from);
  const end = minutes(to) === 0 ? DAY : minutes(to);
  if (start < end) return on(day) && minute >= start && minute < end;
  return (on(day) && minute >= start) || (on(before) && minute < end);
}
