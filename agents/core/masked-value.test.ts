import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedText } from './masked-value.ts';

const ENV = (name: string) => ['spec', 'containers', { item: 'app' }, 'env', { item: name }, 'value'];

test.each([
  ['a variable by its name, to its end', ENV('DB_PASSWORD'), 'correct horse battery', '[masked]'],
  ['another variable not', ENV('LEVEL'), 'debug, in colour', 'debug, in colour'],
  ['a login in an address', ENV('DATABASE_URL'), 'postgres://u:geheim@db/x', 'postgres://u:[masked]@db/x'],
  ['an annotation by its key', ['metadata', 'annotations', 'example.com/api-token'], 'abc123', '[masked]'],
  ['an argument after its flag', ['args'], ['--password', 'geheim one', '--level', 'debug'], '["--password","[masked]","--level","debug"]'],
  ['an argument with its flag', ['args'], ['--password=geheim', '-v'], '["--password=[masked]","-v"]'],
  [
    'variables inside a whole container',
    ['spec', 'containers', { item: 'app' }],
    { name: 'app', image: 'app:1', env: [{ name: 'API_KEY', value: 'a b c' }] },
    '{"name":"app","image":"app:1","env":[{"name":"API_KEY","value":"[masked]"}]}',
  ],
  ['nothing', ['spec'], [], null],
])('masks: %s', (_what, steps, value, text) => {
  expect(maskedText(steps, value)).toBe(text);
});

test('of a credential nothing is left, whatever is in it', () => {
  // A word such as "true" after such a name is a setting, and stays.
  const value = fc.string({ minLength: 8, maxLength: 60 }).filter((v) => /^[\w!#$%]{8}/.test(v) && !/^(?:required|disabled)\b/i.test(v));
  fc.assert(
    fc.property(fc.constantFrom('DB_PASSWORD', 'API_TOKEN', 'CLIENT_SECRET'), value, (name, v) => {
      expect(maskedText(ENV(name), v)).toBe('[masked]');
    }),
  );
});

test('long values are cut', () => {
  expect(maskedText(['spec', 'schedule'], 'word '.repeat(100))?.length).toBe(161);
});
