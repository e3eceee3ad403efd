import type { Reader } from '../../contract/index.ts';
import { LogTemplates } from '../signals/log-templates.ts';
import { StackLines } from '../signals/stack-lines.ts';
import { gravityOf } from '../telling-line.ts';
import type { SummaryLine } from './summarise.ts';

const MOST: Readonly<Record<Reader, number>> = { operator: 8, developer: 8, manager: 3 };

interface Form {
  readonly line: string;
  readonly gravity: number;
  count: number;
}

/** What a log says, a line for each kind of line in it: the gravest first, then what is said most often. The first one that was read stands for all. */
export function logLines(lines: readonly string[], reader: Reader): { readonly lines: SummaryLine[]; readonly kinds: number } {
  const miner = new LogTemplates();
  const stack = new StackLines();
  const numbers: (number | undefined)[] = [];
  for (const line of lines) numbers.push(line.trim() === '' || (numbers.length > 0 && stack.continues(line)) ? undefined : miner.add(line));
  const { of } = miner.templates();
  const forms = new Map<number, Form>();
  lines.forEach((line, i) => {
    const number = numbers[i];
    if (number === undefined) return;
    const kind = of[number] ?? number;
    const form = forms.get(kind);
    if (form === undefined) forms.set(kind, { line: line.trim(), gravity: gravityOf(line), count: 1 });
    else form.count += 1;
  });
  const told = [...forms.values()].sort((a, b) => b.gravity - a.gravity || b.count - a.count).slice(0, MOST[reader]);
  return {
    kinds: forms.size,
    lines: told.map(({ line, count }, i) => ({
      text: `${line.replace(/[.:;,]+$/, '').slice(0, 200)} (${count === 1 ? 'once' : `${String(count)} times`})`,
      required: i === 0,
    })),
  };
}
