import type { ContextName } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import type { KubeContext } from '../ports.ts';
import { type Failed, found, must, os } from './os.ts';

/** Contexts and the clusters behind them. */
export function contextProcedures({ ports, orchestrator, marks }: AppParts) {
  const rowOf = (context: KubeContext) => orchestrator.row({ ...context, protected: marks.isProtected(context.name) });
  const row = async (name: ContextName, errors: Failed) => {
    const { contexts } = await ports.kube.kubeconfig();
    const context = contexts.find((c) => c.name === name);
    return orchestrator.row(found(context, `context ${name}`, errors));
  };
  return {
    contexts: {
      list: os.contexts.list.handler(async ({ input }) => {
        const { contexts, problems } = await ports.kube.kubeconfig();
        const rows = contexts.map(rowOf);
        if (!input.probe) return { contexts: rows, problems: [...problems], demo: ports.demo };
        const pings = await Promise.all(contexts.map((c) => ports.kube.ping(c.name)));
        const probed = rows.map((r, i) => {
          const ping = pings[i];
          if (ping === undefined) return r;
          return ping.ok
            ? { ...r, reachable: true, version: ping.value.version, failure: null }
            : { ...r, reachable: false, failure: ping.failure };
        });
        return { contexts: probed, problems: [...problems], demo: ports.demo };
      }),
    },
    cluster: {
      connect: os.cluster.connect.handler(async ({ input, errors }) => {
        must(await orchestrator.connect(input.context), errors);
        return row(input.context, errors);
      }),
      disconnect: os.cluster.disconnect.handler(async ({ input, errors }) => {
        await orchestrator.disconnect(input.context);
        return row(input.context, errors);
      }),
    },
  };
}
