import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { scriptedServer, sendJson, sendStatus } from '../../agents/host/cluster/scripted-server.ts';
import { folder } from './fleet.ts';

const bin = join(import.meta.dirname, '..', '..', 'agents', 'host', 'cli', 'quarterdeck.mjs');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An empty cluster that takes one token, and a login with a device code that waits until the test has "entered" it. */
async function bench() {
  const dir = folder();
  const [gate, plugin, kubeconfig] = [join(dir, 'entered'), join(dir, 'kubelogin'), join(dir, 'config')];
  writeFileSync(
    plugin,
    `#!/bin/sh
echo "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC123DEF to authenticate." >&2
while [ ! -e ${gate} ]; do sleep 0.05; done
echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"good"}}'
`,
  );
  chmodSync(plugin, 0o755);
  const server = await scriptedServer((seen, response) => {
    if (seen.headers.authorization !== 'Bearer good') return sendStatus(response, 401);
    if (seen.path === '/version') return sendJson(response, { gitVersion: 'v1.31.0' });
    if (seen.path.endsWith('/kube-system'))
      return sendJson(response, { kind: 'Namespace', metadata: { name: 'kube-system', uid: 'uid-1' } });
    if (seen.query.get('watch') === 'true') return response.writeHead(200).flushHeaders();
    sendJson(response, { kind: 'List', metadata: { resourceVersion: '10' }, items: [] });
  });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: plugin, args: ['get-token', '--login', 'devicecode'] };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'aks',
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'clusterUser', user: { exec } }],
      contexts: [{ name: 'aks', context: { cluster: 'c', user: 'clusterUser' } }],
    }),
  );
  const child = spawn(
    process.execPath,
    [bin, 'diagnose', '-q', '--kubeconfig', kubeconfig, '--data-dir', join(dir, 'data'), '-o', 'json'],
    {
      env: { ...process.env, HOME: dir, KUBECONFIG: '' },
    },
  );
  closing.push(
    () => writeFileSync(gate, ''),
    () => child.kill('SIGKILL'),
    () => server.close(),
  );
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { gate, plugin, child, heard, ended };
}

const WORDS = `aks: the login of clusterUser says:
  To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC123DEF to authenticate.
`;

test('the command line shows a device code while it waits, longer than any request may take, and goes on when it was entered', async () => {
  const { gate, heard, ended } = await bench();
  await expect.poll(() => heard.stderr, { timeout: 20_000 }).toContain(WORDS);
  // Longer than the five seconds a cluster gets to say who it is.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(heard.stdout).toBe('');
  writeFileSync(gate, '');
  expect(await ended).toBe(0);
  expect(heard.stderr).toBe(`${WORDS}aks: clusterUser is logged in.\n`);
  expect(JSON.parse(heard.stdout)).toMatchObject({ context: 'aks', incidents: [] });
});

test('Ctrl-C ends the command and the login it waits for', async () => {
  const { plugin, child, heard, ended } = await bench();
  await expect.poll(() => heard.stderr, { timeout: 20_000 }).toContain(WORDS);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await expect.poll(() => running(plugin)).toBe(false);
});

/** Whether a process runs this script; where there is no /proc, none is taken to. */
function running(script: string): boolean {
  if (!existsSync('/proc/self/cmdline')) return false;
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(script);
    } catch {
      return false;
    }
  });
}
