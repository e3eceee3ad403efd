import type { AppParts } from '../app-parts.ts';
import { type Failed, found, os } from './os.ts';

export function agentProcedures({ store, orchestrator }: Pick<AppParts, 'store' | 'orchestrator'>) {
  const agentRow = (id: string, errors: Failed) =>
    found(
      orchestrator.agentRows().find((a) => a.id === id),
      `agent ${id}`,
      errors,
    );
  return {
    agents: {
      list: os.agents.list.handler(() => ({ agents: [...orchestrator.agentRows()] })),
      pause: os.agents.pause.handler(async ({ input, errors }) => {
        found(orchestrator.keeper(input.id), `agent ${input.id}`, errors).pause(true);
        await store.append([{ type: 'agent.paused', agent: input.id, by: input.by }]);
        return agentRow(input.id, errors);
      }),
      resume: os.agents.resume.handler(async ({ input, errors }) => {
        found(orchestrator.keeper(input.id), `agent ${input.id}`, errors).pause(false);
        await store.append([{ type: 'agent.resumed', agent: input.id, by: input.by }]);
        return agentRow(input.id, errors);
      }),
    },
  };
}
