import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IndexReport } from '../../contract/index.ts';

/** What is too large or ends too early, given to the product as people give it: as a process. `npm run soak` takes the full size. */

const FULL = process.env['QUARTERDECK_COUNTS'] === 'full';
const MIB = 2 ** 20;
/** A document of this length, so many files, so many ends in the middle. */
const [LENGTH, FILES, ENDS] = FULL ? [100 * MIB, 100_000, 12] : [3 * MIB, 1_500, 3];
/** What reading may take beside what the product takes with nothing to read. */
const MEMORY = 250 * MIB;

/** The full size takes its time on a busy machine. */
const timeout = FULL ? 3_600_000 : 180_000;

const CLI = fileURLToPath(new URL('../cli/quarterdeck.mjs', import.meta.url));
const children = new Set<ChildProcess>();
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'large-input-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(dir, { recursive: true });
}, timeout);

/** `quarterdeck knowledge …` with a data folder of its own. */
function knowledge(data: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, 'knowledge', ...args, '--data-dir', join(dir, data), '-o', 'json', '-q'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let [out, said, most] = ['', '', 0];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  // The most memory it ever had, as Linux tells it while it lives.
  const look = setInterval(() => {
    try {
      const kib = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0);
      most = Math.max(most, kib * 1_024);
    } catch {
      // Another system, or it is gone.
    }
  }, 50);
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      clearInterval(look);
      children.delete(child);
      done();
    }),
  );
  return {
    kill: () => child.kill('SIGKILL'),
    ended,
    answer: async <T>(): Promise<T> => {
      await ended;
      if (out === '') throw new Error(said);
      return JSON.parse(out) as T;
    },
    memory: () => most,
  };
}
const add = (data: string, path: string) => knowledge(data, 'add', path, '--lexical', '--no-watch');
const counts = async (adding: ReturnType<typeof knowledge>) => {
  const { added, changed, unchanged, skipped } = await adding.answer<IndexReport>();
  return { added, changed, unchanged, skipped };
};
const find = async (data: string, words: string) =>
  (await knowledge(data, 'search', words, '--top', '1').answer<{ results: readonly { path: string; text: string }[] }>()).results[0];

const sentence = (n: number) => `Step ${n}: the pump number ${n} of hall ${n % 97} is opened by hand before the valve is closed again.`;

test(`a document of ${LENGTH / MIB} MiB is read as it flows by, and found to its last line`, { timeout }, async () => {
  const file = join(dir, 'long.md');
  writeFileSync(file, '# Pumps\n');
  for (let n = 0, length = 0; length < LENGTH;) {
    let piece = '';
    while (piece.length < MIB) piece += `\n${(n += 1) % 50 === 0 ? `## Hall ${n}\n\n` : ''}${sentence(n)}\n`;
    length += piece.length;
    appendFileSync(file, piece);
  }
  appendFileSync(file, '\n## The end\n\nThe zymurgist waits behind the last pump.\n');
  mkdirSync(join(dir, 'little'));
  writeFileSync(join(dir, 'little/one.md'), 'One line.\n');
  const little = add('empty', join(dir, 'little'));
  expect(await counts(little)).toMatchObject({ added: 1, skipped: [] });
  const reading = add('data', file);
  expect(await counts(reading)).toEqual({ added: 1, changed: 0, unchanged: 0, skipped: [] });
  if (process.platform === 'linux') {
    expect(reading.memory()).toBeGreaterThan(0);
    expect(reading.memory() - little.memory()).toBeLessThan(MEMORY);
  }
  expect(await find('data', 'zymurgist')).toMatchObject({ path: 'long.md' });
});

test(`${FILES.toLocaleString('en')} files, links in circles among them: all are read, and none a second time`, { timeout }, async () => {
  const wiki = join(dir, 'wiki');
  for (let n = 0; n < FILES; n += 1) {
    const folder = join(wiki, `hall-${n % 97}`);
    if (n < 97) {
      mkdirSync(folder, { recursive: true });
      symlinkSync(n % 2 === 0 ? '..' : '.', join(folder, 'circle'));
    }
    writeFileSync(join(folder, `pump-${n}.md`), `# Pump ${n}\n\n${sentence(n)}\n`);
  }
  const first = await counts(add('data', wiki));
  expect({ ...first, skipped: first.skipped.length }).toEqual({ added: FILES, changed: 0, unchanged: 0, skipped: 97 });
  expect(new Set(first.skipped.map(({ because }) => because))).toEqual(new Set(['It is a symbolic link, which is not followed.']));
  expect(await find('data', `pump number ${FILES - 1}`)).toMatchObject({
    text: expect.stringContaining(`number ${FILES - 1} `) as unknown,
  });
  writeFileSync(join(wiki, 'hall-3/pump-3.md'), '# Pump 3\n\nThe zymurgist took it away.\n');
  expect(await counts(add('data', wiki))).toMatchObject({ added: 0, changed: 1, unchanged: FILES - 1 });
});

test(
  'killed in the middle of reading, again and again: the next reading goes on, nothing is lost and nothing is there twice',
  { timeout },
  async () => {
    const wiki = join(dir, 'wiki');
    mkdirSync(wiki);
    for (let n = 0; n < 400 * ENDS; n += 1) {
      const parts = Array.from({ length: 4 }, (_, i) => `## Part ${i}\n\n${`${sentence(n * 4 + i)} `.repeat(6)}\n`);
      writeFileSync(join(wiki, `pump-${n}.md`), `# Pump ${n}\n\n${parts.join('\n')}`);
    }
    // One that is put piece by piece, and is the first to be read.
    if (FULL) writeFileSync(join(wiki, 'a-long.md'), Array.from({ length: 60_000 }, (_, n) => `${sentence(n)}\n`).join('\n'));
    await counts(add('whole', wiki));
    const all = counted('whole');
    for (let end = 1; end <= ENDS; end += 1) {
      const adding = add('ended', wiki);
      await expect
        .poll(() => counted('ended').passages, { timeout: 60_000, interval: 5 })
        .toBeGreaterThan((all.passages * (end - 0.5)) / (ENDS + 1));
      adding.kill();
      await adding.ended;
      expect(counted('ended').files).toBeLessThan(all.files);
    }
    const before = counted('ended').files;
    const { added, unchanged } = await counts(add('ended', wiki));
    expect(added).toBeGreaterThan(0);
    expect(unchanged).toBe(before);
    expect(whole('ended')).toEqual(whole('whole'));
  },
);

const open = (data: string) => new BetterSqlite3(join(dir, data, 'knowledge.db'), { readonly: true, fileMustExist: true });

/** How much of the wiki is there: passages, and files that were read to their end. */
function counted(data: string): { readonly passages: number; readonly files: number } {
  try {
    const db = open(data);
    try {
      const count = (of: string) => db.prepare<[], number>(`SELECT count(*) FROM ${of} WHERE source = 'wiki'`).pluck().get() ?? 0;
      return { passages: count('passages p JOIN documents d ON d.id = p.document'), files: count('files') };
    } finally {
      db.close();
    }
  } catch {
    // There is no such file yet.
    return { passages: 0, files: 0 };
  }
}

/** Everything that can be found, by what it is and not by its number: passages, their words, and the files that count as read. */
function whole(data: string): unknown {
  const db = open(data);
  try {
    const passages = db
      .prepare(
        `SELECT d.path, p.ref, p.heading, p.line, p.text, d.hash FROM passages p JOIN documents d ON d.id = p.document ORDER BY d.source, d.path, p.line`,
      )
      .all();
    const words = db.prepare<[], number>('SELECT count(*) FROM words').pluck().get();
    const matching = db.prepare<[], number>(`SELECT count(*) FROM words WHERE words MATCH 'pump'`).pluck().get();
    const files = db.prepare('SELECT path, stamp FROM files ORDER BY path').all();
    return { passages, words, matching, files };
  } finally {
    db.close();
  }
}
