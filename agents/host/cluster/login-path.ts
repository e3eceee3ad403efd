import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';

/**
 * The PATH as the login shell has it. Programs that a desktop starts get a short one, in which the plugins people have installed for
 * their terminals are not found.
 */

const LIMIT_MS = 5_000;
const MARK = 'quarterdeck-login-path';
const MOST_OUTPUT = 1 << 20;

type Env = Readonly<Record<string, string | undefined>>;

/** Asks the login shell once, when it is first wanted. */
export class LoginPath {
  readonly #env: Env;
  readonly #limitMs: number;
  #asked: Promise<string | undefined> | undefined;

  constructor(env: Env, limitMs = LIMIT_MS) {
    this.#env = env;
    this.#limitMs = limitMs;
  }

  /** PATH with what the login shell has besides; undefined where that is nothing, or the shell does not answer in time. */
  get(): Promise<string | undefined> {
    this.#asked ??= askShell(this.#env, this.#limitMs).then((path) => joined(this.#env['PATH'] ?? '', path));
    return this.#asked;
  }
}

function joined(own: string, more: string | undefined): string | undefined {
  if (more === undefined) return undefined;
  const known = own.split(':').filter((p) => p !== '');
  const fresh = more.split(':').filter((p) => p !== '' && !known.includes(p));
  return fresh.length === 0 ? undefined : [...known, ...fresh].join(':');
}

/**
 * Runs the shell as a login shell and as one for a person, for both kinds of start files set PATHs, with no terminal: a prompt for
 * anything gets nothing. What start files print is told from the answer by two marks.
 */
function askShell(env: Env, limitMs: number): Promise<string | undefined> {
  const shell = env['SHELL'] ?? shellOfUser();
  if (process.platform === 'win32' || shell === undefined || shell === '') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    let text = '';
    // `env` prints PATH alike under every shell; fish would print a list. Its own session, so that it cannot reach for the terminal.
    const child = spawn(shell, ['-ilc', `echo; echo ${MARK}; /usr/bin/env; echo ${MARK}`], {
      env: { ...env, TERM: 'dumb', DISABLE_AUTO_UPDATE: 'true' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    const done = (path: string | undefined): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      try {
        // The whole group: start files may have begun something that never ends.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
      resolve(path);
    };
    const timer = setTimeout(() => done(pathIn(text)), limitMs);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.length < MOST_OUTPUT) text += chunk;
      const path = pathIn(text);
      if (path !== undefined) done(path);
    });
    child.on('error', () => done(undefined));
    child.on('close', () => done(pathIn(text)));
  });
}

function shellOfUser(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    return undefined;
  }
}

function pathIn(text: string): string | undefined {
  const [, between, after] = text.split(`${MARK}\n`);
  if (between === undefined || after === undefined) return undefined;
  return between
    .split('\n')
    .find((line) => line.startsWith('PATH='))
    ?.slice('PATH='.length);
}
