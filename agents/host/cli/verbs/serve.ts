import type { Verb } from '../verb.ts';

export const SERVE: Verb = {
  name: 'serve',
  summary: 'Run the app with its web page and API on a loopback port',
  flags: [
    ['--port <n>', 'port; a free one by default', '0'],
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--token-file <path>', 'where the token is written'],
    ['--open', 'show the page in the browser'],
    ['--log-format <format>', 'on stderr: text, or json (an object a line, as in logs/quarterdeck.jsonl of the data directory)', 'text'],
  ],
  examples: ['quarterdeck serve', 'quarterdeck serve --port 8800 --demo', 'quarterdeck serve --log-format json 2> quarterdeck.log'],
  load: () => import('../serve.ts'),
};
