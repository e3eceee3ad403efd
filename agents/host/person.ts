import { userInfo } from 'node:os';

/** Who is at the keyboard, by the name the system knows; decisions are recorded under it. */
export function personHere(): string {
  try {
    return userInfo().username;
  } catch {
    // A process may run under an id that has no entry in the system's list of users.
    return process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown';
  }
}
