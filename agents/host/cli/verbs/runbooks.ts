import type { Verb } from '../verb.ts';

export const RUNBOOKS: Verb = {
  name: 'runbooks',
  summary: 'What was learned from incidents: read, accept or reject what is proposed',
  args: '[action] [what]',
  flags: [
    ['--hash <hash>', 'accept, reject: only if this is still what is proposed'],
    ['--reason <text>', 'reject: why, for the log'],
  ],
  examples: [
    'quarterdeck runbooks',
    'quarterdeck runbooks for inc-4f2k9d0a1b',
    'quarterdeck runbooks show SVC-001',
    'quarterdeck runbooks accept SVC-001',
    'quarterdeck runbooks reject SVC-001 --reason "only a test"',
    'quarterdeck runbooks history SVC-001 -o json',
  ],
  more:
    'After an incident was repaired, what it taught is proposed as an addition to the runbook of its kind of fault; nothing is in a runbook\n' +
    'that nobody accepted. They are Markdown in the folder runbooks of the data directory, yours to edit, and found by knowledge search and ask.\n' +
    'runbooks for INCIDENT names the pages to open for it: those of its code, then others; among these a model may choose.',
  load: () => import('../runbooks.ts'),
};
