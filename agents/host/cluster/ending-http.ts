import type { Outcome } from '../../contract/index.ts';
import { ClusterHttp } from './http.ts';

type Request = Parameters<ClusterHttp['open']>[0];
type Answer = Awaited<ReturnType<ClusterHttp['open']>>;

/** The way to a cluster, until the kubeconfig says something else: then everything on it ends, whatever it is in the middle of. */
export class EndingHttp extends ClusterHttp {
  readonly #end = new AbortController();

  override async open(request: Request): Promise<Answer> {
    if (this.#end.signal.aborted) return this.#ended();
    const signal = request.signal === undefined ? this.#end.signal : AbortSignal.any([request.signal, this.#end.signal]);
    const answer = await super.open({ ...request, signal });
    return this.#end.signal.aborted && !answer.ok ? this.#ended() : answer;
  }

  end(): void {
    this.#end.abort();
  }

  #ended(): Outcome<never> {
    return {
      ok: false,
      failure: {
        code: 'cancelled',
        message: `Context ${this.where.context}: the kubeconfig says something else now, so this was ended.`,
        hint: 'Ask again; it goes the new way.',
      },
    };
  }
}
