import type { ContextName, Failure, Outcome } from '../../contract/index.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import { Dispatchers } from './dispatchers.ts';
import { ClusterHttp } from './http.ts';
import { InteractiveTransport } from './interactive/transport.ts';
import { KubeconfigReader, type KubeconfigSources } from './kubeconfig.ts';
import { type KubeLogin, SharedLogin } from './shared-login.ts';
import { WritableTransport } from './transport.ts';

/** Writable transports by context, for the writer in the host alone. Reads the kubeconfig as the kube worker does. */
export class WritableClusters {
  readonly #reader: KubeconfigReader;
  readonly #credentials: SharedLogin;
  readonly #dispatchers: Dispatchers;
  readonly #refusal: (context: KubeContext) => Failure | undefined;

  /**
   * `refusal`: why nothing may be changed in a context from here; what people have marked read-only. `login`: the kube worker, which
   * alone logs in.
   */
  constructor(sources: KubeconfigSources, refusal: (context: KubeContext) => Failure | undefined, login: KubeLogin) {
    this.#refusal = refusal;
    this.#reader = new KubeconfigReader(sources);
    this.#dispatchers = new Dispatchers(sources.env);
    this.#credentials = new SharedLogin(login, this.#dispatchers.clocks);
  }

  /** Reads the kubeconfig anew where it has changed: a context that now means another cluster is never written by its old meaning. */
  async transport(context: ContextName): Promise<Outcome<WritableTransport>> {
    const target = (await this.#reader.read()).target(context);
    const refused = target.ok ? this.#refusal(target.value.context) : undefined;
    if (refused !== undefined) return { ok: false, failure: refused };
    return target.ok
      ? { ok: true, value: new WritableTransport(new ClusterHttp(target.value, this.#credentials, this.#dispatchers)) }
      : target;
  }

  /** To open shells and tunnels; refused where writing is. */
  async interactive(context: ContextName): Promise<Outcome<InteractiveTransport>> {
    const target = (await this.#reader.read()).target(context);
    const refused = target.ok ? this.#refusal(target.value.context) : undefined;
    if (refused !== undefined) return { ok: false, failure: refused };
    return target.ok ? { ok: true, value: new InteractiveTransport(target.value, this.#credentials, this.#dispatchers) } : target;
  }

  close(): Promise<void> {
    return this.#dispatchers.close();
  }
}
