import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Credentials, type SignIn } from './credentials.ts';
import { signInWords } from './exec-plugin-words.ts';
import { runPlugin } from './exec-plugin.ts';
import type { ExecEntry } from './kubeconfig-file.ts';
import { LoginPath } from './login-path.ts';
import { targetOf } from './scripted-server.ts';

/** Plugins as people have them, played by shell scripts that take their arguments and print their words. */

const dir = mkdtempSync(join(tmpdir(), 'fake-plugins-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
function program(name: string, script: string, folder = 'bin'): string {
  const file = join(dir, folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}
const PATH = `${join(dir, 'bin')}:/usr/bin:/bin`;
const entry = (command: string, args: string[], more: Partial<ExecEntry> = {}): ExecEntry => ({
  apiVersion: 'client.authentication.k8s.io/v1beta1',
  command,
  args,
  env: [],
  installHint: undefined,
  provideClusterInfo: false,
  interactiveMode: 'IfAvailable',
  ...more,
});
const answer = (status: string) =>
  `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{},"status":${status}}'`;
const bearer = (token: string) => ({ ok: true, value: { headers: { authorization: `Bearer ${token}` } } });
function logins(exec: ExecEntry, options: ConstructorParameters<typeof Credentials>[1] = {}, env: Record<string, string> = {}) {
  const said: SignIn[] = [];
  const credentials = new Credentials({ PATH, ...env }, { signIn: (one) => said.push(one), ...options });
  const target = targetOf('https://abc.eks.example:443', { exec }, { 'certificate-authority-data': 'Y2E=' }, 'prod');
  return { said, credentials, target, get: () => credentials.get(target) };
}

test('aws eks get-token: the profile of the entry, a token for a quarter of an hour; an ended session is said in its own words', async () => {
  const until = new Date(Date.now() + 900_000).toISOString().replace(/\.\d+Z/, 'Z');
  program(
    'aws',
    `if [ "$AWS_PROFILE" = expired ]; then
  echo >&2; echo "Error loading SSO Token: Token for corp-sso does not exist" >&2; exit 255; fi
[ "$*" = "--region eu-west-1 eks get-token --cluster-name shop --output json" ] || exit 9
${answer(`{"expirationTimestamp":"${until}","token":"k8s-aws-v1.'$AWS_PROFILE'"}`)}`,
  );
  const args = ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'shop', '--output', 'json'];
  const good = logins(entry('aws', args, { env: [{ name: 'AWS_PROFILE', value: 'shop-admin' }] }));
  expect(await good.get()).toMatchObject(bearer('k8s-aws-v1.shop-admin'));
  expect(good.said).toEqual([]);
  const expired = await logins(entry('aws', args, { env: [{ name: 'AWS_PROFILE', value: 'expired' }] })).get();
  expect(!expired.ok && expired.failure.message).toMatch(
    /^Context prod: the credential plugin aws ended with status 255\. It says: Error loading SSO Token: .* for corp-sso does not exist$/,
  );
});

test('gke-gcloud-auth-plugin: is told the cluster; a missing gcloud login is said, and so is how to install it', async () => {
  program(
    'gke-gcloud-auth-plugin',
    `case "$KUBERNETES_EXEC_INFO" in *'"server":"https://abc.eks.example:443"'*'"certificate-authority-data":"Y2E="'*) ;; *) exit 8;; esac
if [ -n "$CLOUDSDK_BROKEN" ]; then echo "F1123 12:00:00 cred.go:123] print credential failed with error: Failed to retrieve access token:: failure while executing gcloud, with args [config config-helper --format=json]: exit status 1 (err: You do not currently have an active account selected.)" >&2; exit 1; fi
${answer('{"token":"ya29.gke"}')}`,
  );
  const exec = entry('gke-gcloud-auth-plugin', [], { provideClusterInfo: true, installHint: 'Install gke-gcloud-auth-plugin for kubectl' });
  expect(await logins(exec).get()).toMatchObject(bearer('ya29.gke'));
  const broken = await logins(exec, {}, { CLOUDSDK_BROKEN: '1' }).get();
  expect(!broken.ok && broken.failure.message).toContain('You do not currently have an active account selected.');
  const absent = await logins(
    { ...exec, command: 'gke-gcloud-auth-plugin-x' },
    { loginPath: new LoginPath({ SHELL: '/nowhere/sh' }) },
  ).get();
  expect(!absent.ok && absent.failure).toMatchObject({ hint: 'Install gke-gcloud-auth-plugin for kubectl' });
});

test('kubelogin with a device code: what to do is told while it waits, and that it is over', async () => {
  const gate = join(dir, 'entered');
  program(
    'kubelogin',
    `echo 'To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC123DEF to authenticate.' >&2
while [ ! -e ${gate} ]; do sleep 0.05; done
${answer('{"token":"eyJ0.eyJh.x"}')}`,
  );
  const args = ['get-token', '--login', 'devicecode', '--server-id', '6dae42f8'];
  const { said, credentials, target, get } = logins(entry('kubelogin', args));
  const login = get();
  await expect
    .poll(() => said)
    .toEqual([
      {
        context: 'prod',
        user: 'me',
        text: 'To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABC123DEF to authenticate.',
        done: false,
      },
    ]);
  expect(credentials.isWaiting(target)).toBe(true);
  writeFileSync(gate, '');
  expect(await login).toMatchObject(bearer('eyJ0.eyJh.x'));
  expect(said.at(-1)).toEqual({ context: 'prod', user: 'me', text: '', done: true });
  expect(credentials.isWaiting(target)).toBe(false);
});

test('kubectl oidc-login: the address it waits at is told; a login that nobody does in time ends with its words', async () => {
  program(
    'kubectl',
    `echo 'error: could not open the browser: exec: "xdg-open": not found' >&2
printf 'Please visit the following URL in your browser manually: http://localhost:8000' >&2
exec sleep 60`,
  );
  const { said, get } = logins(entry('kubectl', ['oidc-login', 'get-token', '--oidc-issuer-url=https://idp.example']), {
    limits: { silentMs: 300, askedMs: 900 },
  });
  const begun = performance.now();
  const late = await get();
  // An address was shown: somebody gets the longer time to act on it.
  expect(performance.now() - begun).toBeGreaterThan(850);
  expect(said.map((s) => s.text).join('\n')).toContain('manually: http://localhost:8000');
  expect(said.at(-1)).toMatchObject({ done: true, text: expect.stringContaining('did not finish within 0.9 s') as string });
  expect(!late.ok && late.failure.message).toContain('Please visit the following URL');
});

test('a warning of a plugin that is quickly done is nobody’s business; words without an address are told when it takes long', async () => {
  program('quick', `echo 'I1123 warning: deprecated' >&2\n${answer('{"token":"t"}')}`);
  program('touch-key', `echo 'Touch your security key. password=hunter2' >&2; sleep 0.4\n${answer('{"token":"t"}')}`);
  const quick = logins(entry('quick', []));
  await quick.get();
  expect(quick.said).toEqual([]);
  const slow = logins(entry('touch-key', []), { limits: { quietMs: 50 } });
  await slow.get();
  expect(slow.said.map((s) => [s.text, s.done])).toEqual([
    ['Touch your security key. password=[masked]', false],
    ['', true],
  ]);
});

test('a plugin that is ended is ended: SIGTERM, and SIGKILL where it does not listen', async () => {
  const noted = join(dir, 'noted');
  program('stubborn', `trap '' TERM\necho $$ > ${noted}\nwhile :; do sleep 0.1; done`);
  const { credentials, get } = logins(entry('stubborn', []));
  const login = get();
  await expect.poll(() => existsSync(noted) && readFileSync(noted, 'utf8').trim() !== '').toBe(true);
  credentials.leave('prod');
  expect(await login).toMatchObject({ failure: { code: 'cancelled' } });
  const pid = Number(readFileSync(noted, 'utf8'));
  await expect.poll(() => alive(pid), { timeout: 5_000 }).toBe(false);
});

/** One that has ended and was not yet waited for (`Z`) is no more. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

// ---- The PATH of the login shell -------------------------------------------------------------------------------------------

let shells = 0;
const shell = (body: string) => program(`shell-${++shells}`, body, 'shells');

test('a plugin that is only on the PATH of the login shell is found there; the shell is asked once', async () => {
  program('aws-iam-authenticator', answer('{"token":"found"}'), 'homebrew');
  const asked = join(dir, 'asked');
  const SHELL = shell(`echo asked >> ${asked}; echo "Welcome! PATH=nonsense"; PATH="${join(dir, 'homebrew')}:$PATH"; export PATH
[ "$1" = -ilc ] && eval "$2"; echo goodbye`);
  const loginPath = new LoginPath({ PATH: '/usr/bin:/bin', SHELL });
  const run = { context: 'prod', exec: entry('aws-iam-authenticator', []), kubeconfig: '/k', env: { PATH: '/usr/bin:/bin' }, cluster: {} };
  for (let i = 0; i < 3; i++) expect(await runPlugin(run, loginPath)).toMatchObject({ ok: true, value: { token: 'found' } });
  expect(readFileSync(asked, 'utf8')).toBe('asked\n');
  // Also where the plugin is found and the program it needs is not.
  program('wrapper', 'aws-iam-authenticator || exit 127');
  const wrapped = { ...run, exec: entry(join(dir, 'bin', 'wrapper'), []) };
  expect(await runPlugin(wrapped, loginPath)).toMatchObject({ ok: true, value: { token: 'found' } });
});

test('a login shell that hangs, fails, or has nothing more is done without', async () => {
  const own = { PATH: '/usr/bin:/bin' };
  const begun = performance.now();
  expect(await new LoginPath({ ...own, SHELL: shell('sleep 60') }, 200).get()).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(await new LoginPath({ ...own, SHELL: shell('exit 1') }).get()).toBeUndefined();
  expect(await new LoginPath({ ...own, SHELL: '/nowhere/zsh' }).get()).toBeUndefined();
  expect(await new LoginPath({ ...own, SHELL: shell('eval "$2"') }).get()).toBeUndefined();
  // One whose start files have begun something that keeps the output open.
  const job = join(dir, 'begun');
  const SHELL = shell(`sleep 60 & echo $! > ${job}\nPATH="/opt/tools:$PATH"; export PATH; eval "$2"`);
  expect(await new LoginPath({ ...own, SHELL }).get()).toBe('/usr/bin:/bin:/opt/tools');
  await expect.poll(() => alive(Number(readFileSync(job, 'utf8')))).toBe(false);
});

// ---- Words ---------------------------------------------------------------------------------------------------------------

test.each([
  ['a device code', 'open https://device.sso.eu-west-1.amazonaws.com/?user_code=QWER-TYUI and enter the code QWER-TYUI'],
  [
    'a long address',
    'Go to https://accounts.google.com/o/oauth2/auth?response_type=code&client_id=32555940559.apps.googleusercontent.com&redirect_uri=https%3A%2F%2Fsdk.cloud.google.com&scope=openid&state=aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7b&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  ],
])('%s stays as it is', (_name, text) => {
  expect(signInWords(text)).toBe(text);
});

test('terminal codes go, tokens and passwords are masked, in addresses too', () => {
  expect(signInWords('\u001b[1mOpen\u001b[0m \u001b]8;;https://x\u0007here\r\n')).toBe('Open here\n');
  expect(signInWords('https://me:hunter2@idp/cb?user_code=AB&id_token=secret1&code=secret2#access_token=secret3 token=secret4')).toBe(
    'https://idp/cb?user_code=AB&id_token=[masked]&code=[masked]#access_token=[masked] token=[masked]',
  );
});

test('whatever stands around it, a token does not survive', () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  const place = fc.constantFrom<(t: string) => string>(
    (t) => `Bearer ${t}`,
    (t) => `https://idp.example/x?a=1&access_token=${t}&b=2`,
    (t) => `https://idp.example/${t}`,
    (t) => `{"token":"${t}"}`,
    (t) => `refresh_token: ${t}`,
  );
  fc.assert(
    fc.property(fc.string(), place, fc.string(), (a, write, b) => !signInWords(`${a} ${write(token)} ${b}`).includes('c2lnbmF0dXJl')),
  );
});
