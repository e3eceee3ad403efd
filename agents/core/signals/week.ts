/** Hours of the week: 0 is Monday 00:00 to 01:00 UTC. */

export const HOUR = 3_600_000;
export const HOURS_A_WEEK = 168;
/** The epoch was a Thursday. */
const THURSDAY = 3 * 24;

export const hourOfWeek = (at: number): number => (((Math.floor(at / HOUR) + THURSDAY) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** "Tuesday 14:00 UTC". */
export const hourWords = (hour: number): string => `${DAYS[Math.floor(hour / 24)] ?? ''} ${String(hour % 24).padStart(2, '0')}:00 UTC`;
