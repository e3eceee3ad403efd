import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONTENT_SECURITY_POLICY } from '../../agents/host/http/web-files.ts';
import { ORIGIN, WEB_PREFERENCES, isOwnPage, mayOpenOutside } from '../../electron/security.ts';

test('a window has no Node, is in the sandbox and apart from the preload script', () => {
  expect(WEB_PREFERENCES).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
  });
});

test.each([`${ORIGIN}/`, `${ORIGIN}/index.html#/incidents/inc-1`])('%s is a page of ours', (address) =>
  expect(isOwnPage(address)).toBe(true),
);

test.each([
  'https://quarterdeck/',
  'app://quarterdeck.evil.example/',
  'app://evil/quarterdeck',
  'app://user@quarterdeck/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'app:quarterdeck',
  '',
  'about:blank',
])('%s is no page of ours', (address) => expect(isOwnPage(address)).toBe(false));

test('only https pages of the list open outside', () => {
  expect(mayOpenOutside('https://kubernetes.io/docs/concepts/')).toBe(true);
  for (const address of [
    'http://kubernetes.io/',
    'https://kubernetes.io.evil.example/',
    'https://kubernetes.io@evil.example/',
    'https://user@kubernetes.io/',
    'https://kubernetes.io:8443/',
    'file:///usr/bin/xterm',
    'ms-settings:',
    'not an address',
  ])
    expect(mayOpenOutside(address), address).toBe(false);
});

test('the policy allows our own files and nothing inline', () => {
  expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
  expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
  expect(CONTENT_SECURITY_POLICY).not.toContain('*');
});

test('the packed app cannot be run as Node, debugged from outside, or loaded from beside its archive', () => {
  const { electronFuses, npmRebuild } = parse(readFileSync(new URL('../../electron-builder.yml', import.meta.url), 'utf8')) as {
    electronFuses: object;
    npmRebuild: boolean;
  };
  expect(electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  });
  expect(npmRebuild).toBe(false);
});
