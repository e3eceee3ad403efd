import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandsIn, kubectlFault } from '../../../core/knowledge/kubectl.ts';
import { AGENTS } from '../../../specialists/index.ts';
import { VERBS } from '../../cli/verbs.ts';
import { RUNBOOKS } from './sources.ts';

const names = readdirSync(RUNBOOKS).filter((name) => name.endsWith('.md'));
const text = (name: string) => readFileSync(join(RUNBOOKS, name), 'utf8');
const checks = AGENTS.flatMap((agent) => [...agent.checks, ...(agent.manifestChecks ?? [])]);

test('there is a runbook for each check, by its code and under its title', () => {
  expect(names.map((name) => name.replace('.md', '')).sort()).toEqual(checks.map(({ code }) => code).sort());
  expect(checks.filter(({ code, title }) => !text(`${code}.md`).startsWith(`# ${title} (${code})\n`)).map(({ code }) => code)).toEqual([]);
});

test('each says what it means, how to tell, what to do and how to prevent it', () => {
  const sections = (name: string) => [...text(name).matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  const wanted = ['What it means', 'How to tell', 'What to do', 'How to prevent'];
  expect(names.filter((name) => JSON.stringify(sections(name)) !== JSON.stringify(wanted))).toEqual([]);
});

test('every command in them is one that kubectl or quarterdeck would take', () => {
  const wrong = names.flatMap((name) =>
    commandsIn(text(name)).flatMap(({ line, words: [program = '', ...words] }) => {
      const fault =
        program === 'kubectl'
          ? kubectlFault(words)
          : program === 'quarterdeck'
            ? quarterdeckFault(words)
            : `${program} is not on every machine`;
      return fault === undefined ? [] : [`${name}:${line}: ${fault}`];
    }),
  );
  expect(wrong).toEqual([]);
});

const COMMON = '--kubeconfig --context -n --namespace -A --all-namespaces -o --output --data-dir --no-color -q --quiet --demo --help'.split(
  ' ',
);

function quarterdeckFault([verb, ...words]: readonly string[]): string | undefined {
  const known = VERBS.find(({ name }) => name === verb);
  if (known === undefined) return `quarterdeck has no command ${verb ?? ''}`;
  const flags = new Set([...COMMON, ...known.flags.flatMap(([flag]) => flag.match(/(?<=^|[ ,])--?[\w-]+/g) ?? [])]);
  const other = words.find((word) => word.startsWith('-') && word !== '-' && !flags.has(word.replace(/=.*/, '')));
  return other === undefined ? undefined : `quarterdeck ${known.name} has no flag ${other}`;
}

describe('the check of commands', () => {
  test.each([
    ['get pod web -n shop -o jsonpath={.spec}', undefined],
    ['exec -it web -- sh -c x', undefined],
    ['logs deploy/web --tail=20 -f', undefined],
    ['get pods -n', 'kubectl get -n needs a value'],
    ['get pods --tail 3', 'kubectl get has no flag --tail'],
    ['fetch pods', 'kubectl has no verb fetch pods'],
    ['apply -f a.yaml --dry-run=maybe', 'kubectl apply --dry-run does not take maybe'],
    ['auth reconcile -f role.yaml --dry-run=server', 'kubectl auth reconcile --dry-run does not take server'],
    ['patch pod web --type=strange -p x', 'kubectl patch --type does not take strange'],
    ['drain', 'kubectl drain does not say of what'],
    ['rollout restart', 'kubectl rollout restart does not say of what'],
    ['rollout revert deployment/web', 'kubectl has no verb rollout revert'],
  ])('%s', (command, fault) => expect(kubectlFault(command.split(' '))).toBe(fault));

  test('finds them in blocks of a shell only, over joined lines and pipes, without comments', () => {
    const page =
      "kubectl no\n```sh\n# kubectl no\nkubectl get pods \\\n  -A | sort # all\nkubectl logs 'a b' > file\n```\n```yaml\nkubectl no\n```\n";
    expect(commandsIn(page)).toEqual([
      { line: 4, words: ['kubectl', 'get', 'pods', '-A'] },
      { line: 4, words: ['sort'] },
      { line: 6, words: ['kubectl', 'logs', 'a b'] },
    ]);
  });
});
