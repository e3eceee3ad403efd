import type { ContextName, ExecEvent, Failure, Forward, HostEvent, Outcome } from '../contract/index.ts';
import { type ExecRequest, ExecSession } from './cluster/interactive/exec-session.ts';
import { PortForward } from './cluster/interactive/port-forward.ts';
import type { InteractiveTransport } from './cluster/interactive/transport.ts';
import { type PodTarget, findPod } from './objects/pod-target.ts';
import type { Clock, Ids } from './ports/runtime.ts';
import type { Kube } from './ports/kube.ts';

/** More at once than a person has windows for is somebody's mistake. */
const MOST_SESSIONS = 20;
const MOST_FORWARDS = 50;

export interface InteractiveParts {
  readonly kube: Kube;
  readonly transport: (context: ContextName) => Promise<Outcome<InteractiveTransport>>;
  readonly isProtected: (context: ContextName) => boolean;
  readonly append: (event: HostEvent) => Promise<void>;
  readonly ids: Ids;
  readonly clock: Clock;
}

interface Asked extends PodTarget {
  readonly by: string;
  readonly typedContext?: string | undefined;
}

/**
 * Shells and tunnels that people have open. Each is opened by a command of a person, and its opening and its end are in the log; what
 * was typed and what was printed never is.
 */
export class Interactive {
  readonly #parts: InteractiveParts;
  readonly #sessions = new Map<string, ExecSession>();
  readonly #forwards = new Map<string, { readonly own: PortForward; readonly about: Omit<Forward, 'connections'> }>();

  constructor(parts: InteractiveParts) {
    this.#parts = parts;
  }

  /** The output of a command until it ends; the session's id is the first word. Leaving the iteration ends it. */
  async *exec(
    asked: Asked & Omit<ExecRequest, 'pod'> & { size?: { columns: number; rows: number } | undefined },
  ): AsyncGenerator<Outcome<ExecEvent>, void> {
    const { ids, clock, append } = this.#parts;
    const { context, namespace, container, command, by } = asked;
    if (this.#sessions.size >= MOST_SESSIONS) return yield tooMany(`${MOST_SESSIONS} sessions`);
    const allowed = await this.#allowed(asked);
    if (!allowed.ok) return yield allowed;
    const found = await findPod(this.#parts.kube, asked);
    if (!found.ok) return yield found;
    const { pod } = found.value;
    const opened = await ExecSession.open(allowed.value, { ...asked, pod });
    if (!opened.ok) return yield opened;
    const session = ids.next('exec');
    const begun = clock.now();
    const own = opened.value;
    this.#sessions.set(session, own);
    const resource = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod };
    // Recorded before anything can be typed.
    await append({ type: 'exec.opened', context, session, resource, container: container ?? null, command: [...command], by });
    let exitCode: number | null = null;
    try {
      if (asked.size !== undefined && asked.tty) await own.resize(asked.size.columns, asked.size.rows);
      yield { ok: true, value: { type: 'opened', session, pod, container: container ?? null } };
      for await (const out of own.output()) {
        if (out.type === 'ended') {
          exitCode = out.exitCode;
          yield { ok: true, value: out };
        } else yield { ok: true, value: { ...out, data: out.data.toString('base64') } };
      }
    } finally {
      own.close();
      this.#sessions.delete(session);
      await append({ type: 'exec.closed', context, session, resource, exitCode, durationMs: clock.now() - begun });
    }
  }

  session(id: string): ExecSession | undefined {
    return this.#sessions.get(id);
  }

  async forward(asked: Asked & { port: number | string; localPort?: number | undefined }): Promise<Outcome<Forward>> {
    const { kube, ids, append, transport } = this.#parts;
    const { context, namespace, target, by } = asked;
    if (this.#forwards.size >= MOST_FORWARDS) return tooMany(`${MOST_FORWARDS} forwarded ports`);
    const allowed = await this.#allowed(asked);
    if (!allowed.ok) return allowed;
    const first = await findPod(kube, asked);
    if (!first.ok) return first;
    if (first.value.port === undefined) throw new Error('a port was asked for and none was found');
    const id = ids.next('forward');
    let { pod } = first.value;
    let failure: string | null = null;
    const own = await PortForward.listen(
      () => transport(context),
      namespace,
      async () => {
        const found = await findPod(kube, asked);
        return found.ok ? { ok: true, value: { pod: found.value.pod, port: found.value.port ?? 0 } } : found;
      },
      asked.localPort ?? 0,
      {
        connected: (name) => {
          pod = name;
          failure = null;
        },
        failed: (message) => (failure = message),
      },
    );
    if (!own.ok) return own;
    const { localPort } = own.value;
    const remotePort = first.value.port;
    this.#forwards.set(id, {
      own: own.value,
      about: {
        id,
        context,
        namespace,
        target,
        get pod() {
          return pod;
        },
        remotePort,
        localPort,
        get failure() {
          return failure;
        },
      },
    });
    await append({ type: 'forward.opened', context, forward: id, namespace, target, remotePort, localPort, by });
    return { ok: true, value: this.#row(id) as Forward };
  }

  forwards(): readonly Forward[] {
    return [...this.#forwards.keys()].flatMap((id) => this.#row(id) ?? []);
  }

  /** False where there is none of that id. */
  async closeForward(id: string, by: string): Promise<boolean> {
    const known = this.#forwards.get(id);
    if (known === undefined) return false;
    this.#forwards.delete(id);
    await known.own.close();
    await this.#parts.append({ type: 'forward.closed', context: known.about.context, forward: id, by });
    return true;
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) session.close();
    await Promise.all([...this.#forwards.values()].map(({ own }) => own.close()));
    this.#forwards.clear();
  }

  #row(id: string): Forward | undefined {
    const known = this.#forwards.get(id);
    return known === undefined ? undefined : { ...known.about, connections: known.own.connections };
  }

  /** What a read-only mark refuses, `transport` refuses; a protected context asks for its name. */
  async #allowed({ context, typedContext }: Asked): Promise<Outcome<InteractiveTransport>> {
    if (this.#parts.isProtected(context) && typedContext !== context) {
      const failure: Failure = {
        code: 'confirmation-needed',
        message: `${context} is protected: a shell or a tunnel into it asks for its name.`,
        hint: `Type the name of the context (--type-context ${context}).`,
      };
      return { ok: false, failure };
    }
    return this.#parts.transport(context);
  }
}

const tooMany = (what: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { code: 'too-many-requests', message: `There are ${what} open already.`, hint: 'Close one first.' },
});
