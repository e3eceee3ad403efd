import { spawn } from 'node:child_process';
import { dirname, isAbsolute, join } from 'node:path';
import { asksSomething, signInWords } from './exec-plugin-words.ts';
import type { ExecEntry } from './kubeconfig-file.ts';

/** The process of a credential plugin: started without a shell and without a terminal, listened to, and ended in time. */

const MOST_OUTPUT = 1 << 20;
const MOST_WORDS = 8_192;
/** Between being asked to end and being ended. */
const GRACE_MS = 1_000;

export interface PluginLimits {
  /** For one that says nothing a person could act on. */
  readonly silentMs: number;
  /** From the moment in which it shows an address: somebody has to find a browser, a phone, a password. */
  readonly askedMs: number;
  /** What it says is shown when it runs longer than this; a warning of one that is done by then is nobody's business. */
  readonly quietMs: number;
}

export const PLUGIN_LIMITS: PluginLimits = { silentMs: 60_000, askedMs: 600_000, quietMs: 1_000 };

export interface PluginRun {
  readonly context: string;
  readonly exec: ExecEntry;
  /** A relative command with a slash is meant from this file's folder. */
  readonly kubeconfig: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told to the plugin where the entry asks for it (`provideClusterInfo`). */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly limits?: Partial<PluginLimits> | undefined;
  /** Hears at once what the plugin says while it runs: no tokens, whole lines where it writes lines. */
  readonly say?: ((text: string) => void) | undefined;
  /** Ends the plugin: nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

export type Ended =
  | { readonly type: 'absent' }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'cancelled' }
  | { readonly type: 'timeout'; readonly stderr: string; readonly seconds: number }
  | { readonly type: 'ended'; readonly status: number | string; readonly stdout: string; readonly stderr: string };

export function runProcess(run: PluginRun): Promise<Ended> {
  const { exec, env, cluster, signal } = run;
  const limits = { ...PLUGIN_LIMITS, ...run.limits };
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster } : {}) },
  };
  const own = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  if (signal?.aborted === true) return Promise.resolve({ type: 'cancelled' });
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(commandOf(run), exec.args, {
      env: { ...env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const voice = new Voice(limits.quietMs, run.say);
    let limitMs = limits.silentMs;
    const late = (): void => end({ type: 'timeout', stderr, seconds: limitMs / 1000 });
    let timer = setTimeout(late, limitMs);
    const finish = (ended: Ended): void => {
      clearTimeout(timer);
      voice.end();
      signal?.removeEventListener('abort', cancel);
      // A grandchild may hold the pipes open after the plugin has ended.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ended);
    };
    const end = (ended: Ended): void => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return finish(ended);
      child.once('exit', () => finish(ended));
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    const cancel = (): void => end({ type: 'cancelled' });
    signal?.addEventListener('abort', cancel, { once: true });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-MOST_WORDS);
      if (voice.hear(chunk)) {
        clearTimeout(timer);
        limitMs = limits.askedMs;
        timer = setTimeout(late, limitMs);
      }
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ENOENT' ? { type: 'absent' } : { type: 'failed', code: error.code ?? 'unknown' }),
    );
    child.on('close', (status, killed) => finish({ type: 'ended', status: status ?? killed ?? 'unknown', stdout, stderr }));
  });
}

function commandOf({ exec, kubeconfig }: PluginRun): string {
  const relative = /[\\/]/.test(exec.command) && !isAbsolute(exec.command);
  return relative ? join(dirname(kubeconfig), exec.command) : exec.command;
}

/** A line that is begun and not ended, as a prompt is, is passed on after this long. */
const PROMPT_MS = 200;

/** Passes on what is written to stderr: from the first address on, or from when the plugin has been running for a while. */
class Voice {
  readonly #say: ((text: string) => void) | undefined;
  readonly #patience: NodeJS.Timeout;
  #prompt: NodeJS.Timeout | undefined;
  #held = '';
  #asked = false;
  #open = false;

  constructor(quietMs: number, say: ((text: string) => void) | undefined) {
    this.#say = say;
    this.#patience = setTimeout(() => {
      this.#open = true;
      this.#pass();
    }, quietMs);
  }

  /** True when this is the first in which it asks for something. */
  hear(chunk: string): boolean {
    this.#held = (this.#held + chunk).slice(-MOST_WORDS);
    const first = !this.#asked && asksSomething(this.#held);
    this.#asked ||= first;
    this.#open ||= first;
    this.#pass();
    return first;
  }

  end(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#prompt);
  }

  #pass(whole = false): void {
    clearTimeout(this.#prompt);
    if (!this.#open) return;
    // Never in the middle of a line: half of a token would not be known for one.
    const upTo = whole ? this.#held.length : this.#held.lastIndexOf('\n') + 1;
    const text = signInWords(this.#held.slice(0, upTo)).trim();
    this.#held = this.#held.slice(upTo);
    if (text !== '') this.#say?.(text);
    if (this.#held !== '') this.#prompt = setTimeout(() => this.#pass(true), PROMPT_MS);
  }
}
