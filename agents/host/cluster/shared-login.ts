import type { ContextName, Outcome } from '../../contract/index.ts';
import type { Credential, CredentialSource } from './credential.ts';
import type { KubeTarget } from './kubeconfig.ts';
import type { ServerClocks } from './server-clock.ts';

/**
 * The logins of the kube worker, for the writer in the host: who logs in for reading has logged in for writing. Within one process;
 * what is handed over is never logged. `userKey` says which entry of which file is meant (KubeTarget): where the worker has read
 * another one meanwhile, it gives nothing.
 */
export interface KubeLogin {
  credential(context: ContextName, userKey: string): Promise<Outcome<Credential>>;
  /** As CredentialSource.refuse, by the credential's id. */
  refuse(context: ContextName, userKey: string, id: string): Promise<boolean>;
}

/** The host's end. It keeps nothing: each request asks for the credential as it is now. */
export class SharedLogin implements CredentialSource {
  readonly #login: KubeLogin;
  readonly #clocks: ServerClocks;
  readonly #asking = new Map<string, number>();

  constructor(login: KubeLogin, clocks: ServerClocks) {
    this.#login = login;
    this.#clocks = clocks;
  }

  async get({ context, userKey }: KubeTarget): Promise<Outcome<Credential>> {
    this.#asking.set(userKey, (this.#asking.get(userKey) ?? 0) + 1);
    try {
      return await this.#login.credential(context.name, userKey);
    } finally {
      const left = (this.#asking.get(userKey) ?? 1) - 1;
      if (left > 0) this.#asking.set(userKey, left);
      else this.#asking.delete(userKey);
    }
  }

  async refuse({ context, userKey }: KubeTarget, { id, renewable }: Pick<Credential, 'id' | 'renewable'>): Promise<boolean> {
    return renewable && (await this.#login.refuse(context.name, userKey, id));
  }

  /** What is read all the time says so soon enough. */
  accepted(): void {}

  isWaiting({ userKey }: KubeTarget): boolean {
    return this.#asking.has(userKey);
  }

  doubts({ cluster }: KubeTarget): string {
    const server = URL.parse(cluster.server ?? '');
    return server === null ? '' : this.#clocks.words(server);
  }
}
