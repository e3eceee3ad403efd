import type { LogLevel } from '../../contract/index.ts';
import { gravityOf } from '../telling-line.ts';

/** Whether a line says that something failed. */

/** A request that was answered: what counts is how, not what its path is called. */
const ANSWERED = /\bHTTP\/\d(?:\.\d)?"? (\d{3})\b/;
/** Words of failure that say there was none. */
const NONE =
  /\b(?:no|0|zero|without|any|zero[- ]?) (?:new )?(?:errors?|failures?|exceptions?|panics?|problems?)\b|\b(?:errors?|err|failed|failures?|exceptions?)["']?\s?[=:]\s?["']?(?:0|nil|null|none|no|false|<nil>|ok|""|'')(?![\w.])|\b(?:error|failure)[-_ ](?:rates?|budgets?|counts?|ratio)\b|\b(?:recovered|retry) (?:from|after) (?:an? )?(?:error|failure)\b/gi;
const WORRIED = /err|fail|exception|panic|fatal/i;

/** `trace`: a stack trace stands under it. */
export function levelOf(line: string, trace: boolean): LogLevel {
  const status = line.includes('HTTP/') ? ANSWERED.exec(line)?.[1] : undefined;
  if (status !== undefined) return status >= '500' ? 'error' : 'other';
  const weight = gravityOf(WORRIED.test(line) ? line.replaceAll(NONE, '') : line);
  if (weight >= 2) return 'error';
  if (weight >= 1) return 'warning';
  // A level of its own is below 1 only where the line says that it is no failure.
  return trace && weight <= 0 && !QUIET.test(line) ? 'error' : 'other';
}
const QUIET = /\b(?:info|debug|trace|notice)\b/i;
