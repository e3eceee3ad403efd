import { readFileSync } from 'node:fs';
import type { AutonomyState, PlanAutonomy } from '../../contract/index.ts';
import { personHere } from '../person.ts';
import { EXIT, Refusal } from './exit.ts';
import { columns, show } from './print.ts';
import { type Client, withSession } from './session.ts';
import type { Run } from './verb.ts';

type Flags = Parameters<Run>[1];
type Action = (client: Client, arg: string | undefined, flags: Flags) => Promise<number>;

const need = (arg: string | undefined, what: string): string => {
  if (arg === undefined)
    throw new Refusal({ code: 'bad-input', message: `Name ${what}.`, hint: 'quarterdeck autonomy --help has examples.' });
  return arg;
};

function textOf(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new Refusal({
      code: 'bad-input',
      message: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
    });
  }
}

const ACTIONS: Readonly<Record<string, Action>> = {
  show: async (client, _, flags) => {
    const state = await client.autonomy.get({});
    show(flags, state, () => shown(state));
    return state.rules === null ? EXIT.failOn : EXIT.ok;
  },
  set: async (client, arg, flags) => {
    const state = await client.autonomy.set({ text: textOf(need(arg, 'the file with the rules, or - for stdin')), by: personHere() });
    show(flags, state, () => shown(state));
    return EXIT.ok;
  },
  clear: async (client, _, flags) => {
    const state = await client.autonomy.set({ text: '', by: personHere() });
    show(flags, state, () => shown(state));
    return EXIT.ok;
  },
  check: async (client, arg, flags) => {
    const checked = await client.autonomy.check({ text: textOf(need(arg, 'the file with the rules, or - for stdin')) });
    const differ = checked.plans.filter((p) => p.now.give !== p.then.give || p.now.people !== p.then.people);
    show(flags, checked, () =>
      [
        `The rules are well-formed: ${checked.rules.rules.length === 1 ? '1 rule' : `${checked.rules.rules.length} rules`}. Nothing was changed.`,
        ...(differ.length === 0
          ? [checked.plans.length === 0 ? 'No plan waits.' : `The ${checked.plans.length} plans that wait would be decided as now.`]
          : differ.map((p) => `${p.id} ${p.title}\n  now ${words(p.now)}\n  then ${words(p.then)}`)),
      ].join('\n'),
    );
    return EXIT.ok;
  },
  history: async (client, _, flags) => {
    const history = await client.autonomy.history({});
    show(flags, history, () =>
      history.versions.length === 0
        ? 'There were never any rules: a person is asked for everything.'
        : columns(
            ['SINCE', 'VERSION', 'BY', 'RULES'],
            history.versions.map((v) => [v.at, v.version === '' ? '(none)' : v.version, v.by ?? '(edited by hand)', String(v.rules)]),
          ),
    );
    return EXIT.ok;
  },
  explain: async (client, arg, flags) => {
    const explained = await client.autonomy.explain({ id: need(arg, 'a plan') });
    show(flags, explained, () => `${explained.plan} ${explained.decided ? 'was decided under' : 'would'} ${words(explained.autonomy)}`);
    return EXIT.ok;
  },
};

export const run: Run = ([action = 'show', arg], flags) => {
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined)
    throw new Refusal({
      code: 'bad-input',
      message: `There is no autonomy ${action}.`,
      hint: `Use one of ${Object.keys(ACTIONS).join(', ')}.`,
    });
  return withSession(flags, ({ client }) => act(client, arg, flags), action === 'explain' || action === 'check');
};

function words({ give, rule, people, because, version }: PlanAutonomy): string {
  const how = { observe: 'only be shown', ask: people === 2 ? 'ask two people' : 'ask a person', auto: 'be approved without asking' }[give];
  return `${how}: ${because}${rule === null ? '' : ` (rule ${rule}, version ${version})`}`;
}

function shown({ path, text, version, rules, problem }: AutonomyState): string {
  if (rules === null) return `${path} cannot be understood, so nothing can be approved: ${problem ?? ''}`;
  if (version === '') return `There are no rules: a person is asked for everything. They would be in ${path}`;
  return `# ${path}, version ${version}\n${text.trimEnd()}`;
}
