import type { ContextName } from '../../contract/index.ts';
import type { AppParts } from '../app-parts.ts';
import type { KubeContext } from '../ports/kubeconfig.ts';
import { contextNamed, markContext, useContext } from './context-saying.ts';
import { addSource, removeSource } from './context-sources.ts';
import { type Failed, must, os } from './os.ts';

/** Contexts and the clusters behind them. */
export function contextProcedures(parts: AppParts) {
  const { ports, orchestrator, marks } = parts;
  const rowOf = (context: KubeContext) => orchestrator.row({ ...context, ...marks.of(context) });
  const named = async (name: ContextName, errors: Failed) => must(await contextNamed(parts, name), errors);
  return {
    contexts: {
      list: os.contexts.list.handler(async ({ input }) => {
        const { contexts, problems, added } = await ports.kube.kubeconfig();
        marks.know(contexts);
        const rows = marks.all(contexts).map((c) => orchestrator.row(c));
        const wrong = marks.problem();
        const all = wrong === undefined ? [...problems] : [{ file: marks.path, failure: wrong }, ...problems];
        const list = { contexts: rows, problems: all, demo: ports.demo, added: [...added] };
        if (!input.probe) return list;
        const pings = await Promise.all(contexts.map((c) => ports.kube.ping(c.name)));
        const probed = rows.map((r, i) => {
          const ping = pings[i];
          if (ping === undefined) return r;
          return ping.ok
            ? { ...r, reachable: true, version: ping.value.version, failure: null }
            : { ...r, reachable: false, failure: ping.failure };
        });
        return { ...list, contexts: probed };
      }),
      mark: os.contexts.mark.handler(async ({ input, errors }) => rowOf(must(await markContext(parts, input), errors))),
      use: os.contexts.use.handler(async ({ input, errors }) => rowOf(must(await useContext(parts, input.context, input.by), errors))),
      addFile: os.contexts.addFile.handler(async ({ input, errors }) => must(await addSource(parts, input), errors)),
      removeFile: os.contexts.removeFile.handler(async ({ input, errors }) => must(await removeSource(parts, input), errors)),
    },
    cluster: {
      connect: os.cluster.connect.handler(async ({ input, errors }) => {
        const context = await named(input.context, errors);
        must(await orchestrator.connect(context.name), errors);
        return rowOf(context);
      }),
      disconnect: os.cluster.disconnect.handler(async ({ input, errors }) => {
        const context = await named(input.context, errors);
        await orchestrator.disconnect(context.name);
        return rowOf(context);
      }),
    },
  };
}
