import { closeSync, openSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { Failure, Outcome } from '../../contract/index.ts';
import { replaceFile } from '../replace-file.ts';
import { parseText } from './kubeconfig-file.ts';

/** The only thing that is ever written into a kubeconfig: its current-context, because a person asked for it. */

const KEY = 'current-context';
/** The line of the key at the top level: key, value, comment. */
const LINE =
  /^(["']?current-context["']?[ \t]*:)(?:[ \t]+(?!#)(?:"[^"\n]*"|'[^'\n]*'|[^\s#](?:[^\n]*?[^\s])??))?([ \t]*(?:[ \t]#[^\n]*)?\r?)$/m;
const IN_JSON = /("current-context"\s*:\s*)"(?:[^"\\\n]|\\.)*"/;
/** Words that every YAML parser takes for text; kubectl's still reads `yes` and `on` as YAML 1.1 does. */
const WORD = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z_](?:[A-Za-z0-9._/@:-]*[A-Za-z0-9_])?$/i;

/** Writes a context's name, as the file calls it, as the current one. Fails with a sentence where that cannot be done; then nothing is changed. */
export function writeCurrentContext(file: string, name: string): Outcome<undefined> {
  // kubectl takes this very lock before it writes.
  const lock = `${file}.lock`;
  try {
    if ((statSync(file).mode & 0o222) === 0) return { ok: false, failure: unwritable(file, 'it is read-only') };
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    return { ok: false, failure: failureOf(file, error as NodeJS.ErrnoException) };
  }
  try {
    const before = readFileSync(file, 'utf8');
    const after = withCurrentContext(before, name);
    if (!after.ok) return { ok: false, failure: { ...after.failure, message: `${file} ${after.failure.message}` } };
    if (after.value !== before) replaceFile(file, after.value, 0o600);
    return { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, failure: failureOf(file, error as NodeJS.ErrnoException) };
  } finally {
    unlinkSync(lock);
  }
}

/**
 * The text with another current-context and nothing else different: comments, order and layout stay. What a change of one line cannot do
 * (flow style, several documents) the YAML library does. Fails with `kubeconfig-invalid`.
 */
export function withCurrentContext(text: string, name: string): Outcome<string> {
  const before = parseText(text);
  if (!before.ok) return before;
  const value = before.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, failure: { code: 'kubeconfig-invalid', message: 'is not a kubeconfig.' } };
  const wanted = { ...value, [KEY]: name };
  const good = (next: string): boolean => {
    const parsed = parseText(next);
    return parsed.ok && isDeepStrictEqual(parsed.value, wanted);
  };
  for (const next of [inJson(text, name), inLine(text, name)]) if (next !== undefined && good(next)) return { ok: true, value: next };
  const document = parseDocument(text);
  document.set(KEY, name);
  const written = document.toString({ lineWidth: 0 });
  return good(written)
    ? { ok: true, value: written }
    : {
        ok: false,
        failure: { code: 'kubeconfig-invalid', message: 'is written in a way in which its current-context cannot be changed.' },
      };
}

function inJson(text: string, name: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const quoted = JSON.stringify(name);
  if (IN_JSON.test(text)) return text.replace(IN_JSON, (_, key: string) => `${key}${quoted}`);
  const gap = /^\s*\{(\s*)/.exec(text)?.[1] ?? '';
  return text.replace(/^(\s*\{)\s*/, (_, open: string) => `${open}${gap}"${KEY}": ${quoted},${gap === '' ? ' ' : gap}`);
}

function inLine(text: string, name: string): string {
  const word = WORD.test(name) ? name : JSON.stringify(name);
  // Blanks behind the value were in its place where there was none.
  const tail = (rest: string): string => (rest.includes('#') ? rest : rest.replace(/^[ \t]+/, ''));
  if (LINE.test(text)) return text.replace(LINE, (_, key: string, rest: string) => `${key} ${word}${tail(rest)}`);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${KEY}: ${word}\n`;
}

function unwritable(file: string, why: string): Failure {
  return {
    code: 'kubeconfig-unwritable',
    message: `${file} cannot be written: ${why}. Its current-context is as it was.`,
    hint: 'Make the file and its folder writable for your user, or name the context with --context.',
  };
}

function failureOf(file: string, error: NodeJS.ErrnoException): Failure {
  switch (error.code) {
    case 'EEXIST':
      return {
        code: 'conflict',
        message: `${file} is being written by another program: there is ${file}.lock.`,
        hint: `Try again; if no program is writing it any more, delete ${file}.lock.`,
      };
    case 'ENOENT':
      return { code: 'kubeconfig-missing', message: `${file} is not there any more.`, hint: 'Look at quarterdeck contexts again.' };
    case 'ELOOP':
      return unwritable(file, 'it is a symbolic link that leads round in a circle');
    case 'EACCES':
    case 'EPERM':
      return unwritable(file, 'your user may not write it or its folder');
    case 'EROFS':
      return unwritable(file, 'it is on a file system that is mounted read-only');
    case 'EBUSY':
    case 'EXDEV':
      return unwritable(file, 'it is mounted as a single file, which cannot be replaced');
    case 'ENOSPC':
      return unwritable(file, 'its disk is full');
    default:
      return unwritable(file, error.code ?? 'unknown error');
  }
}
