import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunkMarkdown } from '../../../core/knowledge/chunk.ts';
import { commandsIn, kubectlFault } from '../../../core/knowledge/kubectl.ts';
import { AGENTS } from '../../../specialists/index.ts';
import { VERBS } from '../../cli/verbs.ts';
import { GUIDES, RUNBOOKS } from './sources.ts';

const namesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.md'));
const sectionsIn = (page: string) => [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
const names = namesIn(RUNBOOKS);
const text = (name: string) => readFileSync(join(RUNBOOKS, name), 'utf8');
const guides = namesIn(GUIDES).map((name) => ({ name, page: readFileSync(join(GUIDES, name), 'utf8') }));
const checks = AGENTS.flatMap((agent) => [...agent.checks, ...(agent.manifestChecks ?? [])]);

test('there is a runbook for each check, by its code and under its title', () => {
  expect(names.map((name) => name.replace('.md', '')).sort()).toEqual(checks.map(({ code }) => code).sort());
  expect(checks.filter(({ code, title }) => !text(`${code}.md`).startsWith(`# ${title} (${code})\n`)).map(({ code }) => code)).toEqual([]);
});

test('each says what it means, how to tell, what to do and how to prevent it', () => {
  const wanted = ['What it means', 'How to tell', 'What to do', 'How to prevent'];
  expect(names.filter((name) => JSON.stringify(sectionsIn(text(name))) !== JSON.stringify(wanted))).toEqual([]);
});

test('each guide says who would ask for it, and all of its parts, on a page that is quoted as a whole', () => {
  const wanted = ['Before you begin', 'What to do', 'How to tell that it worked', 'How to take it back', 'What goes wrong often'];
  const faults = guides.flatMap(({ name, page }) => {
    const lines = page.trimEnd().split('\n');
    const passages = chunkMarkdown(page).length;
    return [
      ...(/^# [A-Z].+\n\nPeople ask: .+\?\n\n## /.test(page) ? [] : ['does not say what people ask']),
      ...(JSON.stringify(sectionsIn(page)) === JSON.stringify(wanted) ? [] : [`has the parts ${sectionsIn(page).join(', ')}`]),
      ...(lines.length >= 25 && lines.length <= 60 ? [] : [`has ${lines.length} lines`]),
      ...(passages <= 8 && page.length <= 2_800 ? [] : [`has ${page.length} characters in ${passages} passages`]),
      ...(commandsIn(page).length > 0 ? [] : ['has no command']),
    ].map((fault) => `${name} ${fault}`);
  });
  expect(faults).toEqual([]);
  expect(guides.length).toBeGreaterThanOrEqual(40);
});

test('what goes wrong in a guide is named by the code of a runbook that there is', () => {
  const codes = new Set(checks.map(({ code }) => code));
  const unknown = guides.flatMap(({ name, page }) =>
    [...page.matchAll(/\b[A-Z]{3}-\d{3}\b/g)].filter(([code]) => !codes.has(code)).map(([code]) => `${name}: ${code}`),
  );
  expect(unknown).toEqual([]);
});

/** What stands beside kubectl on a node of the control plane, or on any machine with a shell. */
const BESIDE = new Set('kubeadm etcdctl etcdutl crictl systemctl journalctl openssl base64 grep cp export'.split(' '));

test.each([
  ['runbooks', names.map((name) => ({ name, page: text(name) })), new Set<string>()],
  ['guides', guides, BESIDE],
])('every command in the %s is one that kubectl or quarterdeck would take', (_, pages, others) => {
  const wrong = pages.flatMap(({ name, page }) =>
    commandsIn(page).flatMap(({ line, words: [program = '', ...words] }) => {
      const fault =
        program === 'kubectl'
          ? kubectlFault(words)
          : program === 'quarterdeck'
            ? quarterdeckFault(words)
            : others.has(program)
              ? undefined
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
  // What follows `--` is another program's.
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const other = own.find((word) => word.startsWith('-') && word !== '-' && !flags.has(word.replace(/=.*/, '')));
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
