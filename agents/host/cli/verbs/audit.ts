import type { Verb } from '../verb.ts';

export const AUDIT: Verb = {
  name: 'audit',
  summary: 'Check that the event log is what was written, export it, or let its beginning go',
  args: '<action> [file]',
  flags: [
    ['--since <n>', 'export: only entries after this number'],
    ['--until <n>', 'export: only entries up to this number'],
    ['--format <format>', 'export: jsonl (the entries as they are) or cloudevents', 'jsonl'],
    ['--out <file>', 'export: into a new file instead of stdout'],
    ['--keep <span>', 'prune: what is older goes (90d, 12w)'],
  ],
  examples: [
    'quarterdeck audit verify',
    'quarterdeck audit export --out audit-2026-11.jsonl',
    'quarterdeck audit export --format cloudevents --context prod-eu --since 1200',
    'quarterdeck audit verify audit-2026-11.jsonl',
    'quarterdeck audit prune --keep 90d',
  ],
  more:
    'Actions: verify [FILE], export, prune. Each entry holds the hash of the one before it; marks signed with a key of this data directory\n' +
    'say, outside the database, where the log ended. verify names the first entry that is changed, missing, or another than was signed,\n' +
    'and exits 1. An exported file is checked by itself: its entries must be as they were and follow each other. The key and the marks are\n' +
    'in the folder audit of the data directory: keep a copy of it elsewhere, for whoever can write there and to the log can remove both.',
  load: () => import('../audit.ts'),
};
