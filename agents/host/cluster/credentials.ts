import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { FILE_MS, type Means, type Reading, isCostly, readCredential, refused, validityOf } from './credentials-read.ts';
import type { PluginLimits } from './exec-plugin-process.ts';
import type { ConnectLimit } from './connect-limit.ts';
import type { KubeTarget } from './kubeconfig.ts';
import { LoginPath } from './login-path.ts';
import { OidcLogins } from './oidc.ts';
import { ServerClocks } from './server-clock.ts';

/** A plugin's failure is answered from memory this long, doubling: one that opens a browser must not open it again and again. */
const FAILED_MS = 30_000;
const MOST_FAILED_MS = 600_000;
/** What may pass by itself is tried again sooner. */
const BRIEF_MS = 5_000;
/** A plugin's answer is renewed this long before it ends. */
const EARLY_MS = 2_000;
/** A source that costs something is asked once in this time and, after a refusal, once more: whatever the clocks say. */
const PACE_MS = 10_000;
const REFUSALS = 2;

/** What a login says to the person while it runs; `done` when it is over, with what went wrong, or nothing. */
export interface SignIn {
  readonly context: ContextName;
  readonly user: string;
  readonly text: string;
  readonly done: boolean;
}

interface Options {
  readonly limits?: Partial<PluginLimits>;
  readonly signIn?: (said: SignIn) => void;
  readonly clocks?: ServerClocks;
  /** Of the thread's connections, for those to identity providers. */
  readonly limit?: ConnectLimit;
  readonly paceMs?: number;
  readonly loginPath?: LoginPath;
}

interface Known {
  /** The context for which it was asked first; a failure names it. */
  readonly context: ContextName;
  readonly outcome: Promise<Outcome<Credential>>;
  readonly stop: AbortController;
  /** Contexts that wait for it. */
  readonly waiting: Set<ContextName>;
  /** By the clock that never goes back; Infinity while it is being got, or for good. */
  until: number;
  settled: boolean;
  /** What is odd about its answer by the clock of this machine, as a sentence. */
  odd: string;
}

/**
 * Credentials of all targets of this thread, and through it of the whole app: one login a user entry at a time, whoever asks; its answer
 * serves until it expires or the server refuses it. A source whose answers are refused twice in a row is left alone for a while.
 */
export class Credentials implements CredentialSource {
  readonly #means: Means;
  readonly #clocks: ServerClocks;
  readonly #signIn: (said: SignIn) => void;
  readonly #paceMs: number;
  readonly #known = new Map<string, Known>();
  readonly #refused = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  /** When a costly source was asked, the last two times. */
  readonly #asked = new Map<string, readonly number[]>();

  constructor(env: Readonly<Record<string, string | undefined>>, options: Options = {}) {
    this.#clocks = options.clocks ?? new ServerClocks();
    this.#signIn = options.signIn ?? (() => undefined);
    this.#paceMs = options.paceMs ?? PACE_MS;
    this.#means = {
      env,
      limits: options.limits,
      loginPath: options.loginPath ?? new LoginPath(env),
      oidc: new OidcLogins(env, this.#clocks, options.limit === undefined ? {} : { limit: options.limit }),
    };
  }

  async get(target: KubeTarget): Promise<Outcome<Credential>> {
    const known = this.#current(target);
    if (!known.settled) known.waiting.add(target.context.name);
    const answer = await known.outcome;
    if (answer.ok) return answer;
    const rest = answer.failure.message.slice(`Context ${known.context}`.length);
    return { ok: false, failure: { ...answer.failure, message: `Context ${target.context.name}${rest}` } };
  }

  isWaiting(target: KubeTarget): boolean {
    return this.#known.get(keyOf(target))?.settled === false;
  }

  async refuse(target: KubeTarget, used: Pick<Credential, 'id' | 'renewable'>): Promise<boolean> {
    if (!used.renewable) return false;
    const key = keyOf(target);
    const known = this.#known.get(key);
    const current = await known?.outcome;
    // Somebody else had the same refusal and a new one is there, or on its way.
    if (known === undefined || !current?.ok || current.value.id !== used.id || this.#known.get(key) !== known) return true;
    const refusals = (this.#refused.get(key) ?? 0) + 1;
    const wait = refusals >= REFUSALS ? this.#patience(key) : this.#tooSoon(key, target);
    if (refusals < REFUSALS) this.#refused.set(key, refusals);
    else this.#refused.delete(key);
    if (wait > 0) {
      const message = `the server keeps refusing what the credential source of user ${target.context.user} gives.${this.doubts(target)}`;
      const outcome = Promise.resolve(refused(target, message, 'Log in again, then connect again.'));
      this.#known.set(key, { ...known, context: target.context.name, outcome, until: performance.now() + wait });
      return false;
    }
    this.#means.oidc.refused(target);
    this.#known.delete(key);
    return true;
  }

  accepted(target: KubeTarget): void {
    this.#refused.delete(keyOf(target));
    this.#failures.delete(keyOf(target));
  }

  doubts(target: KubeTarget): string {
    const server = URL.parse(target.cluster.server ?? '');
    const off = server === null ? '' : this.#clocks.words(server);
    return off === '' ? (this.#known.get(keyOf(target))?.odd ?? '') : off;
  }

  /** Forgets failures, because a person asked to try again now. */
  async forgive(target: KubeTarget): Promise<void> {
    const key = keyOf(target);
    const known = this.#known.get(key);
    this.#failures.delete(key);
    if (known?.settled !== true) return;
    if ((await known.outcome).ok || this.#known.get(key) !== known) return;
    this.#known.delete(key);
    this.#asked.delete(key);
  }

  /** The kubeconfig says something else now: nothing of what it said before is kept, and a login that is under way ends. */
  forget(target: KubeTarget): void {
    const key = keyOf(target);
    this.#known.get(key)?.stop.abort();
    for (const map of [this.#known, this.#refused, this.#failures, this.#asked]) map.delete(key);
  }

  /** A context was disconnected: a login that nobody else waits for ends. */
  leave(context: ContextName): void {
    for (const known of this.#known.values()) {
      if (known.settled || !known.waiting.delete(context) || known.waiting.size > 0) continue;
      known.stop.abort();
    }
  }

  /** Ends every login that is under way; resolves when its process has gone. */
  async close(): Promise<void> {
    const running = [...this.#known.values()].filter((known) => !known.settled);
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ outcome }) => outcome));
  }

  #current(target: KubeTarget): Known {
    const key = keyOf(target);
    const known = this.#known.get(key);
    if (known !== undefined && performance.now() < known.until && !known.stop.signal.aborted) return known;
    const stop = new AbortController();
    const outcome = Promise.resolve().then(() => this.#load(target, key, fresh));
    const fresh: Known = { context: target.context.name, outcome, stop, waiting: new Set(), until: Infinity, settled: false, odd: '' };
    this.#known.set(key, fresh);
    return fresh;
  }

  #patience(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(FAILED_MS * 2 ** failures, MOST_FAILED_MS);
  }

  /** Milliseconds until a costly source may be asked again after a refusal: at once, but not a third time within the pace. */
  #tooSoon(key: string, target: KubeTarget): number {
    const [before] = this.#asked.get(key)?.length === 2 ? (this.#asked.get(key) ?? []) : [];
    return before === undefined || !isCostly(target) ? 0 : Math.max(0, before + this.#paceMs - performance.now());
  }

  async #load(target: KubeTarget, key: string, known: Known): Promise<Outcome<Credential>> {
    let said = false;
    const say = (text: string): void => {
      said = true;
      this.#signIn({ context: target.context.name, user: target.context.user, text, done: false });
    };
    if (isCostly(target)) this.#asked.set(key, [...(this.#asked.get(key) ?? []).slice(-1), performance.now()]);
    let outcome: Outcome<Credential>;
    try {
      const read = await readCredential(target, this.#means, { say, signal: known.stop.signal });
      outcome = read.ok ? this.#judge(target, key, known, read.value) : this.#failed(target, key, known, read.failure);
    } catch (error) {
      // A fault of ours is not remembered as the answer.
      known.until = 0;
      throw error;
    } finally {
      known.settled = true;
      known.waiting.clear();
    }
    const text = outcome.ok ? '' : outcome.failure.message;
    if (said) this.#signIn({ context: target.context.name, user: target.context.user, text, done: true });
    return outcome;
  }

  #failed(target: KubeTarget, key: string, known: Known, failure: Failure): Outcome<Credential> {
    if (failure.code === 'cancelled') known.until = 0;
    else if (failure.code === 'cluster-unreachable') known.until = performance.now() + BRIEF_MS;
    else known.until = performance.now() + (isCostly(target) ? this.#patience(key) : 1_000);
    const doubts = failure.code === 'cluster-unauthorized' ? this.doubts(target) : '';
    return { ok: false, failure: { ...failure, message: `${failure.message}${doubts}` } };
  }

  #judge(target: KubeTarget, key: string, known: Known, { credential, keepMs, expires }: Reading): Outcome<Credential> {
    const server = URL.parse(target.cluster.server ?? '');
    // What counts is the time of those who issue and judge; it is that of this machine where nothing else is known.
    const now = Date.now() + (server === null ? 0 : this.#clocks.ahead(server.origin));
    const { from, to } = validityOf(credential.certificate);
    if (to < now) {
      known.until = performance.now() + (isCostly(target) ? this.#patience(key) : FILE_MS);
      return {
        ok: false,
        failure: {
          code: 'cluster-certificate-expired',
          message: `Context ${target.context.name}: the client certificate of user ${target.context.user} expired on ${new Date(to).toISOString()}.${this.doubts(target)}`,
          hint: 'Have a new one issued, or log in again; check the clock of this machine.',
        },
      };
    }
    const left = Math.min(keepMs, (expires ?? Infinity) - now - EARLY_MS, to - now);
    known.odd = oddOf(now, expires, from);
    known.until = performance.now() + (isCostly(target) ? Math.max(left, this.#paceMs) : left);
    return { ok: true, value: credential };
  }
}

/** A credential that has ended, or does not hold yet, in the moment in which it comes: a sign of a clock that is off. */
function oddOf(now: number, expires: number | undefined, from: number): string {
  const clock = `By the clock of this machine (${new Date(now).toISOString()})`;
  if (expires !== undefined && expires <= now) return ` ${clock} it had ended already when it came: check that clock.`;
  return from > now ? ` ${clock} its certificate is not valid before ${new Date(from).toISOString()}: check that clock.` : '';
}

/** Plugins that are told about the cluster may answer differently for each. */
function keyOf(target: KubeTarget): string {
  const perCluster = target.user.exec?.provideClusterInfo === true;
  return perCluster ? `${target.userKey}\n${target.context.file}\n${target.context.cluster}` : target.userKey;
}
