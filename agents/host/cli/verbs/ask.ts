import type { Verb } from '../verb.ts';

export const ASK: Verb = {
  name: 'ask',
  summary: 'Ask in plain words: an answer with what it rests on',
  args: '[question]',
  flags: [
    ['--session <id>', 'go on with this conversation'],
    ['--continue', 'go on with the latest conversation'],
    ['--history', 'list earlier conversations'],
    ['--forget <id>', 'delete a conversation'],
  ],
  examples: [
    'quarterdeck ask "why does checkout crash?"',
    'quarterdeck ask "and why?" --continue',
    'quarterdeck ask "what is wrong in namespace shop?" --context prod',
    'quarterdeck ask "how do I read the exit code of a container?" -o json',
    'quarterdeck ask "has this happened before?" --continue',
    'quarterdeck ask --history',
  ],
  more:
    'Every sentence that claims something is quoted from what it cites: evidence of a cluster, a plan, an incident of the log, or a passage of\n' +
    'what is written (quarterdeck knowledge). What is not known is said to be not known. Asking changes nothing: what would help is a plan,\n' +
    'shown with its hash, that you approve or do not. Conversations are kept in the folder asked of the data directory until you delete them.',
  load: () => import('../ask.ts'),
};
