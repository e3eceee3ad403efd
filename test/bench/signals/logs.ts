import { LogEvents } from '../../../agents/core/signals/log-events.ts';
import { table } from '../table.ts';
import { HELD_BACK_FORMATS, LOG_FORMATS, logOf } from './log-formats.ts';
import { FORMATS, LATE_FORMATS } from './unseen/formats.ts';
import { linesOf } from './unseen/lines.ts';
import { WRITTEN_FORMATS, writtenLog } from './written-formats.ts';

/** How well lines are grouped by the statement that wrote them, and how fast. */

const SEED = 40;
const LINES = 5_000;

interface Mined {
  readonly accuracy: number;
  readonly templates: number;
  readonly statements: number;
  readonly seconds: number;
}

/** Lines without a statement continue another: whatever becomes of them is right. */
interface Scored {
  readonly text: string;
  readonly statement: string | undefined;
}

/** A line counts when its whole group is exactly the lines of its statement. */
function mine(lines: readonly Scored[]): Mined {
  const begun = process.cpuUsage();
  const forms: number[] = [];
  const events = new LogEvents((form) => void forms.push(form));
  for (const { text } of lines) events.take(text);
  events.end();
  const { of } = events.templates.templates();
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;
  const groups = new Map<number, Set<string>>();
  const sizes = new Map<string, number>();
  const own = new Map<string, Set<number>>();
  let scored = 0;
  const put = <K, V>(map: Map<K, Set<V>>, key: K, value: V) => map.set(key, (map.get(key) ?? new Set<V>()).add(value));
  lines.forEach(({ statement }, i) => {
    if (statement === undefined) return;
    const group = of[forms[i]!]!;
    scored++;
    put(groups, group, statement);
    put(own, statement, group);
    sizes.set(statement, (sizes.get(statement) ?? 0) + 1);
  });
  let right = 0;
  for (const [statement, found] of own) {
    const [group] = found;
    if (found.size === 1 && groups.get(group!)?.size === 1) right += sizes.get(statement)!;
  }
  return { accuracy: right / scored, templates: groups.size, statements: own.size, seconds };
}

const minedOf = (formats: readonly string[]) => formats.map((format, i) => [format, mine(logOf(format, SEED + i, LINES))] as const);
const writtenMined = () => WRITTEN_FORMATS.map((format, i) => [format.name, mine(writtenLog(format, SEED + i, LINES))] as const);
const unseenMined = (formats: typeof FORMATS) =>
  formats.map(
    (format) =>
      [
        format.name,
        mine(linesOf(format).map(({ text, truth }) => ({ text, statement: truth === undefined ? undefined : String(truth) }))),
      ] as const,
  );
const meanOf = (mined: ReturnType<typeof minedOf>) => mined.reduce((sum, [, m]) => sum + m.accuracy, 0) / mined.length;
const rowsOf = (mined: ReturnType<typeof minedOf>) =>
  mined.map(([format, m]) => [format, m.accuracy.toFixed(3), String(m.templates), String(m.statements)]);

export function benchTemplates(): void {
  const [known, heldBack, written] = [minedOf(LOG_FORMATS), minedOf(HELD_BACK_FORMATS), writtenMined()];
  const unseen = unseenMined(FORMATS);
  const late = process.argv.includes('--late') ? unseenMined(LATE_FORMATS) : [];
  const all = LOG_FORMATS.flatMap((format, i) => logOf(format, SEED + i, LINES));
  const seconds = Array.from({ length: 5 }, () => mine(all).seconds).sort((a, b) => a - b)[2] ?? 0;
  process.stdout.write(
    `\nlog templates, ${LINES} lines of each format, one configuration\n${table(
      ['format', 'accuracy', 'templates', 'statements'],
      [
        ...rowsOf(known),
        ['mean (at least 0.900)', meanOf(known).toFixed(3), '', ''],
        ['held back:', '', '', ''],
        ...rowsOf(heldBack),
        ['mean of those held back', meanOf(heldBack).toFixed(3), '', ''],
        ['written by another hand:', '', '', ''],
        ...rowsOf(written),
        ['mean of those', meanOf(written).toFixed(3), '', ''],
        ['unseen, by yet another hand:', '', '', ''],
        ...rowsOf(unseen),
        ['mean of those', meanOf(unseen).toFixed(3), '', ''],
        ...(late.length === 0 ? [] : [['and late:', '', '', ''], ...rowsOf(late), ['mean of those', meanOf(late).toFixed(3), '', '']]),
        [`lines a second of processor time (at least 100,000)`, Math.round(all.length / seconds).toLocaleString('en'), '', ''],
      ],
    )}\n`,
  );
}
