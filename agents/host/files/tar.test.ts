import { expect, test } from 'vitest';
import { type Entry, tar } from './archives.ts';
import { BadArchive, type TarLimits, readTar } from './tar.ts';

const LIMITS: TarLimits = { wanted: () => true, mostFileBytes: 1_000, mostBytes: 1_000_000, mostFiles: 100 };

/** In chunks that begin and end anywhere. */
async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
async function read(bytes: Buffer, limits: Partial<TarLimits> = {}, size = 300) {
  const files: [string, string, boolean][] = [];
  for await (const { name, bytes: body, cut } of readTar(chunks(bytes, size), { ...LIMITS, ...limits }))
    files.push([name, body.toString(), cut]);
  return files;
}
const LONG = `${'very-long-folder/'.repeat(12)}pods.json`;
const ENTRIES: Entry[] = [
  { name: 'bundle/', type: '5' },
  { name: 'bundle/a.yaml', text: 'kind: A\n' },
  { name: 'bundle/empty.yaml' },
  { name: 'bundle/link.yaml', type: '2' },
  { name: LONG, text: 'pax', long: 'pax' },
  { name: LONG, text: 'gnu', long: 'gnu' },
  { name: 'bundle/b.yaml', text: 'x'.repeat(700) },
];

test.each([1, 13, 512, 100_000])(
  'files come whole, whatever the chunks of %i bytes cut apart; folders and links are left out',
  async (size) => {
    expect(await read(tar(ENTRIES), {}, size)).toEqual([
      ['bundle/a.yaml', 'kind: A\n', false],
      ['bundle/empty.yaml', '', false],
      [LONG, 'pax', false],
      [LONG, 'gnu', false],
      ['bundle/b.yaml', 'x'.repeat(700), false],
    ]);
  },
);

test('of a file that is too long the end is kept; what nobody wants is passed over', async () => {
  const files = await read(
    tar([
      { name: 'log', text: `${'a'.repeat(2_000)}END` },
      { name: 'b', text: 'b' },
    ]),
    { mostFileBytes: 10 },
  );
  expect(files).toEqual([
    ['log', 'aaaaaaaEND', true],
    ['b', 'b', false],
  ]);
  expect(await read(tar(ENTRIES), { wanted: (name) => name.endsWith('/b.yaml') })).toHaveLength(1);
});

test('an archive that unpacks to more than was agreed, or holds too many files, is not read to its end', async () => {
  await expect(read(tar(ENTRIES), { mostBytes: 2_000 })).rejects.toThrow(/unpacks to more than/);
  await expect(read(tar(ENTRIES), { mostFiles: 3 })).rejects.toThrow('it holds more than 3 files');
});

test('what is no archive, or only the beginning of one, is said to be so', async () => {
  await expect(read(Buffer.from('kind: Pod\n'.repeat(100)))).rejects.toThrow(BadArchive);
  await expect(read(tar(ENTRIES).subarray(0, 1_200))).rejects.toThrow('it ends in the middle of a file');
  const lying = tar([{ name: 'a', text: 'x' }]);
  lying.write('99999999999\0', 124);
  await expect(read(lying)).rejects.toThrow(BadArchive);
});
