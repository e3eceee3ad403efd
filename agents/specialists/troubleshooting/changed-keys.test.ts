import { expect, test } from 'vitest';
import type { Change } from '../../contract/index.ts';
import { changedKeys } from './changed-keys.ts';

test('keys as they are compared, and as a field manager wrote them; nothing else of the object', () => {
  const paths = ['data[a.yaml]', 'data.password', 'data.app.conf', 'metadata.labels.app', 'data'];
  const fields = paths.map((path) => ({ path, from: null, to: null, words: '' }));
  expect(changedKeys({ fields } as unknown as Change)).toEqual(['a.yaml', 'password', 'app.conf']);
});
