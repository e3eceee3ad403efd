import type { CommonFlags } from './flags.ts';

export type Run = (args: readonly (string | undefined)[], flags: CommonFlags & Readonly<Record<string, unknown>>) => Promise<number>;

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** As commander writes them: `<plan>`, `[resource]`. */
  readonly args?: string;
  readonly flags: readonly (readonly [flag: string, help: string, fallback?: string])[];
  readonly examples: readonly string[];
  /** What the examples do not show: the shape of the answer, what the exit status says. */
  readonly more?: string;
  readonly load: () => Promise<{ readonly run: Run }>;
}

/** One row a verb; its file is loaded when it is used, so that none pays for the others. */
export const VERBS: readonly Verb[] = [
  {
    name: 'contexts',
    summary: 'What is configured, from which file; connects to nothing unless asked',
    flags: [['--probe', 'ask each cluster whether it is there']],
    examples: ['quarterdeck contexts', 'quarterdeck contexts --probe -o json'],
    load: () => import('./contexts.ts'),
  },
  {
    name: 'diagnose',
    summary: 'Find incidents and their causes, with a plan for each that has one',
    args: '[resource]',
    flags: [['--fail-on <severity>', 'exit 1 when an incident is at least this bad: info, low, medium, high, critical']],
    examples: [
      'quarterdeck diagnose',
      'quarterdeck diagnose deployment/checkout -n shop',
      'quarterdeck diagnose --context prod --context staging -o json',
      'quarterdeck diagnose --fail-on high',
    ],
    more: 'With -o json one context gives one object; several give {"diagnoses":[…]}, in the order of the flags.',
    load: () => import('./diagnose.ts'),
  },
  {
    name: 'fix',
    summary: 'Propose plans; --yes approves them as you, carries them out and verifies',
    flags: [
      ['--incident <id>', 'only this incident'],
      ['--yes', 'approve the best plan of each incident'],
      ['--max-risk <risk>', 'approve up to this risk: low, medium, high, destructive', 'medium'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ],
    examples: ['quarterdeck fix', 'quarterdeck fix --yes -n shop', 'quarterdeck fix --incident inc-4f2k9d0a1b --yes --max-risk high'],
    more: 'Without --yes it shows each plan and asks; where nobody can be asked it only proposes. Exits 4 when a plan was not applied.',
    load: () => import('./fix.ts'),
  },
  {
    name: 'plans',
    summary: 'List plans, those that wait for approval first',
    args: '[plan]',
    flags: [['--waiting', 'only those that wait for approval']],
    examples: ['quarterdeck plans', 'quarterdeck plans plan-7f3k2m9q0d'],
    load: () => import('./plans.ts'),
  },
  {
    name: 'approve',
    summary: 'Approve a plan as it was shown, carry it out and verify it',
    args: '<plan>',
    flags: [
      ['--hash <hash>', 'refuse unless the plan still has this hash'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
      ['--no-wait', 'return when it has begun'],
    ],
    examples: ['quarterdeck approve plan-7f3k2m9q0d', 'quarterdeck approve plan-7f3k2m9q0d --hash 9c0f…'],
    load: () => import('./approve.ts'),
  },
  {
    name: 'reject',
    summary: 'Reject a plan',
    args: '<plan>',
    flags: [['--reason <text>', 'why, for the log']],
    examples: ['quarterdeck reject plan-7f3k2m9q0d --reason "wait for the release"'],
    load: () => import('./reject.ts'),
  },
  {
    name: 'undo',
    summary: 'Take back a plan that was carried out',
    args: '<plan>',
    flags: [
      ['--yes', 'approve the undo at once'],
      ['--type-context <name>', 'the name of a protected context, typed to confirm'],
    ],
    examples: ['quarterdeck undo plan-7f3k2m9q0d --yes'],
    load: () => import('./undo.ts'),
  },
  {
    name: 'incidents',
    summary: 'List incidents that are known',
    flags: [['--state <state>', 'open, resolved or all', 'open']],
    examples: ['quarterdeck incidents', 'quarterdeck incidents --state all -o json'],
    load: () => import('./incidents.ts'),
  },
  {
    name: 'events',
    summary: 'The event log: what was seen, proposed, decided and done',
    flags: [
      ['--follow', 'go on as it grows'],
      ['--since <n>', 'only entries after this number', '0'],
    ],
    examples: ['quarterdeck events', 'quarterdeck events --follow -o json', 'quarterdeck events --since 120'],
    load: () => import('./events.ts'),
  },
  {
    name: 'agents',
    summary: 'List the agents and how they are',
    flags: [],
    examples: ['quarterdeck agents'],
    load: () => import('./agents.ts'),
  },
  {
    name: 'doctor',
    summary: 'Check what Quarterdeck needs on this machine',
    flags: [],
    examples: ['quarterdeck doctor'],
    load: () => import('./doctor.ts'),
  },
  {
    name: 'serve',
    summary: 'Run the app with its web page and API on a loopback port',
    flags: [
      ['--port <n>', 'port; a free one by default', '0'],
      ['--host <address>', 'address to listen on', '127.0.0.1'],
      ['--token-file <path>', 'where the token is written'],
      ['--open', 'show the page in the browser'],
    ],
    examples: ['quarterdeck serve', 'quarterdeck serve --port 8800 --demo'],
    load: () => import('./serve.ts'),
  },
];
