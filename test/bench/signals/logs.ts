import { LogTemplates } from '../../../agents/core/signals/log-templates.ts';
import { StackLines } from '../../../agents/core/signals/stack-lines.ts';
import { table } from '../table.ts';
import { type Line, LOG_FORMATS, logOf } from './log-formats.ts';

/** How well lines are grouped by the statement that wrote them, and how fast. */

const SEED = 40;
const LINES = 5_000;

interface Mined {
  readonly accuracy: number;
  readonly templates: number;
  readonly statements: number;
  readonly seconds: number;
}

/** A line counts when its whole group is exactly the lines of its statement. */
function mine(lines: readonly Line[]): Mined {
  const begun = performance.now();
  const miner = new LogTemplates();
  const stack = new StackLines();
  const forms: number[] = [];
  for (const { text } of lines) forms.push(forms.length > 0 && stack.continues(text) ? forms.at(-1)! : miner.add(text));
  const { of } = miner.templates();
  const seconds = (performance.now() - begun) / 1000;
  const groups = new Map<number, Set<string>>();
  const sizes = new Map<string, number>();
  const own = new Map<string, Set<number>>();
  const put = <K, V>(map: Map<K, Set<V>>, key: K, value: V) => map.set(key, (map.get(key) ?? new Set<V>()).add(value));
  lines.forEach(({ statement }, i) => {
    const group = of[forms[i]!]!;
    put(groups, group, statement);
    put(own, statement, group);
    sizes.set(statement, (sizes.get(statement) ?? 0) + 1);
  });
  let right = 0;
  for (const [statement, found] of own) {
    const [group] = found;
    if (found.size === 1 && groups.get(group!)?.size === 1) right += sizes.get(statement)!;
  }
  return { accuracy: right / lines.length, templates: groups.size, statements: own.size, seconds };
}

export function benchTemplates(): void {
  const logs = LOG_FORMATS.map((format, i) => [format, logOf(format, SEED + i, LINES)] as const);
  const mined = logs.map(([format, lines]) => [format, mine(lines)] as const);
  const all = logs.flatMap(([, lines]) => lines);
  mine(all);
  const { seconds } = mine(all);
  const mean = mined.reduce((sum, [, m]) => sum + m.accuracy, 0) / mined.length;
  process.stdout.write(
    `\nlog templates, ${LINES} lines of each format, one configuration\n${table(
      ['format', 'accuracy', 'templates', 'statements'],
      [
        ...mined.map(([format, m]) => [format, m.accuracy.toFixed(3), String(m.templates), String(m.statements)]),
        ['mean (at least 0.900)', mean.toFixed(3), '', ''],
        [`lines a second, all together (at least 100,000)`, Math.round(all.length / seconds).toLocaleString('en'), '', ''],
      ],
    )}\n`,
  );
}
