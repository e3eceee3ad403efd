import { expect, test } from 'vitest';
import { ORIGIN, isOwnPage, mayDownload, mayOpenOutside } from './security.ts';

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

test('what the page has made itself may be saved, nothing that comes from elsewhere', () => {
  expect(mayDownload('blob:app://quarterdeck/6f2a')).toBe(true);
  for (const address of [
    'blob:https://evil.example/6f2a',
    'app://quarterdeck/index.html',
    'https://evil.example/x.exe',
    'data:text/html,x',
    '',
  ])
    expect(mayDownload(address), address).toBe(false);
});
