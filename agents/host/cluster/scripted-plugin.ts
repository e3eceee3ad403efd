import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecEntry } from './kubeconfig-file.ts';

let plugins = 0;
/** A credential plugin that counts its runs and answers with the token `token-<run>`; `body` may do something else first. */
export function scriptedPlugin(
  dir: string,
  body = '',
  more: Partial<ExecEntry> = {},
): { exec: ExecEntry; runs: () => number; info: () => unknown } {
  const script = join(dir, `plugin-${++plugins}.mjs`);
  const log = `${script}.log`;
  writeFileSync(log, '');
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(log)}, process.env.KUBERNETES_EXEC_INFO + '\\n');
const run = readFileSync(${JSON.stringify(log)}, 'utf8').split('\\n').length - 1;
const answer = (status) => console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));
${body === '' ? 'answer({ token: `token-${run}` });' : body}
`,
  );
  const lines = () => readFileSync(log, 'utf8').split('\n').slice(0, -1);
  const exec: ExecEntry = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [script],
    env: [],
    installHint: undefined,
    provideClusterInfo: false,
    interactiveMode: undefined,
    ...more,
  };
  return { exec, runs: () => lines().length, info: () => JSON.parse(lines().at(-1) ?? 'null') as unknown };
}
