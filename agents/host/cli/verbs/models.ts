import type { Verb } from '../verb.ts';

export const MODELS: Verb = {
  name: 'models',
  summary: 'Language models: see, pull, import, use and remove them; an endpoint, what may go there, and what it cost',
  args: '<action> [what]',
  flags: [
    ['--days <days>', 'used: of the last so many days', '30'],
    ['--sha256 <sum>', 'import: the sum the file must have'],
    ['--none', 'use: no model that writes; templates word everything'],
    ['--mirror <url>', 'set: where models are fetched in place of huggingface.co; none for the hub itself'],
    ['--proxy <url>', 'set: the proxy for fetching and for the endpoint; none for what the environment says'],
    ['--remote <url>', 'set: an OpenAI-compatible endpoint, as http://127.0.0.1:11434/v1; none for none'],
    ['--remote-model <name>', 'set: the model the endpoint is asked for'],
    ['--remote-context <tokens>', 'set: tokens of question and answer together that it takes', '8192'],
    ['--price <in,out>', 'set: what a million tokens cost, in and out', '0,0'],
    ['--hide <what>', 'set: what the endpoint does not see: credentials, or names as well', 'names'],
    ['--key-stdin', 'set: read the key of the endpoint from stdin, into the keychain'],
    ['--no-key', 'set: forget the key'],
    ['--where <question=place...>', 'set: where a kind of question goes: local, remote, off'],
  ],
  examples: [
    'quarterdeck models list',
    'quarterdeck models pull qwen3-4b-instruct-2507',
    'quarterdeck models import /media/stick/Qwen3-8B-Q4_K_M.gguf',
    'quarterdeck models use qwen3-4b-instruct-2507',
    'quarterdeck models use --none',
    'quarterdeck models remove qwen3-8b',
    'quarterdeck models used --days 7 -o json',
    'quarterdeck models set --mirror https://models.example.com --proxy http://proxy:3128',
    'quarterdeck models set --remote http://127.0.0.1:11434/v1 --remote-model qwen3:8b --where explain=remote',
    'pass show endpoint | quarterdeck models set --key-stdin',
  ],
  more:
    'Everything works without a model. Nothing leaves this machine unless set says so: each kind of question (explain, rankRemedies,\n' +
    'pickRunbooks, nameAgent, summarise, answerFromPassages) stays local until it is sent elsewhere. What was asked and what came back is\n' +
    'in the log: quarterdeck events. A pull that was cut off goes on where it was.',
  load: () => import('../models.ts'),
};
