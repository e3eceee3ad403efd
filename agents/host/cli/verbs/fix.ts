import type { Verb } from '../verb.ts';

export const FIX: Verb = {
  name: 'fix',
  applies: true,
  summary: 'Propose plans; --yes approves them as you, carries them out and verifies',
  flags: [
    ['--incident <id>', 'only this incident'],
    ['--yes', 'approve the best plan of each incident'],
    ['--max-risk <risk>', 'approve up to this risk: low, medium, high, destructive', 'medium'],
    ['--type-context <name>', 'the name of a protected context, typed to confirm'],
  ],
  examples: ['quarterdeck fix', 'quarterdeck fix --yes -n shop', 'quarterdeck fix --incident inc-4f2k9d0a1b --yes --max-risk high'],
  more: 'Without --yes it shows each plan and asks; where nobody can be asked it only proposes. Exits 4 when a plan was not applied.',
  load: () => import('../fix.ts'),
};
