import type { Verb } from '../verb.ts';

export const CONTEXTS: Verb = {
  name: 'contexts',
  summary: 'What is configured, from which file; mark, use, add and remove contexts',
  args: '[action] [name]',
  flags: [
    ['--probe', 'ask each cluster whether it is there'],
    ['--protected', 'mark: approving a plan asks for the name of the context'],
    ['--no-protected', 'mark: no longer; asks for --type-context'],
    ['--read-only', 'mark: nothing is changed in its cluster from here'],
    ['--no-read-only', 'mark: no longer; asks for --type-context'],
    ['--color <color>', 'mark: red, orange, yellow, green, teal, blue, purple, gray, or none'],
    ['--group <name>', 'mark: the group it is shown in'],
    ['--no-group', 'mark: no group'],
    ['--alias <name>', 'mark: a short name, accepted wherever a context is named'],
    ['--no-alias', 'mark: no alias'],
    ['--type-context <name>', 'the name of the context, typed to take a guard away'],
  ],
  examples: [
    'quarterdeck contexts',
    'quarterdeck contexts --probe -o json',
    'quarterdeck contexts mark prod-eu --protected --color red --group payments --alias p',
    'quarterdeck contexts mark prod-eu --read-only',
    'quarterdeck contexts mark prod-eu --no-read-only --type-context prod-eu',
    'quarterdeck contexts use staging',
    'quarterdeck contexts add ~/clusters',
    'quarterdeck contexts remove ~/clusters',
  ],
  more:
    'Actions: list (the default), mark NAME, use NAME, add PATH, remove PATH. Nothing is connected unless --probe is given.\n' +
    'use writes current-context into the file the context came from; nothing else is ever written into a kubeconfig.\n' +
    'add reads one more kubeconfig, or a folder of them, from now on; marks and added paths are kept in contexts.yaml of the\n' +
    'data directory, which is yours to edit.',
  load: () => import('../contexts.ts'),
};
