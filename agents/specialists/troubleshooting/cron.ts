/** When a CronJob's schedule fires: the five fields of cron, as Kubernetes reads them (robfig/cron, standard parser), in UTC. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const DAY_MS = 86_400_000;
/** The longest way between two firings of a schedule that fires: 29 February, over a century that is no leap year. */
const MOST_DAYS = 366 * 8 + 2;

interface Fires {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Where both days are restricted either will do. */
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
}
export type Schedule = Fires | { readonly everyMs: number };

/** Undefined where it is no schedule. A leading `TZ=` or `CRON_TZ=` is left out of account. */
export function parseSchedule(text: string): Schedule | undefined {
  const plain = text.trim().replace(/^(?:CRON_)?TZ=\S+\s+/, '');
  const every = /^@every\s+(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(plain);
  if (every !== null) {
    const [, h = '0', m = '0', s = '0'] = every;
    const everyMs = (Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000;
    return everyMs > 0 ? { everyMs } : undefined;
  }
  const fields = (WORDS[plain] ?? plain).split(/\s+/);
  const [minute, hour, day, month, weekday, more] = fields;
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined || more !== undefined)
    return undefined;
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const days = values(day, 1, 31);
  const months = values(month, 1, 12, MONTHS, 1);
  const weekdays = values(weekday, 0, 6, DAYS, 0);
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined || weekdays === undefined)
    return undefined;
  return { minutes, hours, days, months, weekdays, anyDay: /^[*?]/.test(day), anyWeekday: /^[*?]/.test(weekday) };
}

function values(field: string, least: number, most: number, words: readonly string[] = [], first = 0): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  const number = (text: string): number => {
    const word = words.indexOf(text.toLowerCase());
    return word >= 0 ? word + first : /^\d+$/.test(text) ? Number(text) : NaN;
  };
  for (const part of field.split(',')) {
    const [range = '', step, extra] = part.split('/');
    const [from = '', to, third] = range.split('-');
    const all = range === '*' || range === '?';
    const a = all ? least : number(from);
    const b = all ? most : to === undefined ? (step === undefined ? a : most) : number(to);
    const by = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : NaN;
    if (extra !== undefined || third !== undefined || !(by >= 1) || !(a >= least && b <= most && a <= b)) return undefined;
    for (let n = a; n <= b; n += by) found.add(n);
  }
  return found;
}

/** The first firing after a moment (milliseconds since 1970); undefined where it never fires. */
export function nextFiring(schedule: Schedule, after: number): number | undefined {
  if ('everyMs' in schedule) return after + schedule.everyMs;
  const start = Math.floor(after / 60_000) * 60_000 + 60_000;
  const minutes = [...schedule.minutes].sort((a, b) => a - b);
  const hours = [...schedule.hours].sort((a, b) => a - b);
  for (let day = Math.floor(start / DAY_MS), n = 0; n < MOST_DAYS; day++, n++) {
    if (!firesOn(schedule, new Date(day * DAY_MS))) continue;
    for (const hour of hours)
      for (const minute of minutes) {
        const at = day * DAY_MS + (hour * 60 + minute) * 60_000;
        if (at >= start) return at;
      }
  }
  return undefined;
}

function firesOn({ months, days, weekdays, anyDay, anyWeekday }: Fires, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = days.has(date.getUTCDate());
  const weekday = weekdays.has(date.getUTCDay());
  return anyDay || anyWeekday ? day && weekday : day || weekday;
}

/** Milliseconds between the next two firings after a moment; undefined where it fires at most once. */
export function period(schedule: Schedule, after: number): number | undefined {
  const first = nextFiring(schedule, after);
  const second = first === undefined ? undefined : nextFiring(schedule, first);
  return first === undefined || second === undefined ? undefined : second - first;
}
