import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommonFlags } from './flags.ts';
import { VERBS } from './verbs.ts';

test('every verb can be parsed: its arguments are single words in brackets, its examples begin with its own name', () => {
  const wrong = VERBS.flatMap(({ name, args = '', examples }) => [
    ...(/^(?:(?:\[[\w.-]+\]|<[\w.-]+>)(?: |$))*$/.test(args) ? [] : [`${name}: ${args}`]),
    ...examples.filter((e) => !new RegExp(`\\bquarterdeck ${name}\\b`).test(e)).map((e) => `${name}: ${e}`),
  ]);
  expect(wrong).toEqual([]);
});

test('the flags in an example are flags that its verb has', () => {
  const all = new Command();
  addCommonFlags(all);
  const common = all.options.flatMap(({ short, long }) => [short, long]);
  const unknown = VERBS.flatMap(({ name, flags, examples }) => {
    const its = new Set([...common, ...flags.flatMap(([is]) => is.split(/[ ,]+/))]);
    const known = (flag: string) =>
      its.has(flag) || (/^-\w{2,}$/.test(flag) && [...flag.slice(1)].every((letter) => its.has(`-${letter}`)));
    return examples.flatMap((example) => {
      // Of this verb alone: neither what is piped into it nor what stands behind `--`.
      const parts = example.replaceAll(/'[^']*'|"[^"]*"/g, '').split('|');
      const own = parts.find((part) => part.includes(`quarterdeck ${name}`))?.split(' -- ')[0] ?? '';
      return (own.match(/(?<= )--?[a-z][\w-]*/gi) ?? []).filter((flag) => !known(flag)).map((flag) => `${flag} of ${example}`);
    });
  });
  expect(unknown).toEqual([]);
});
