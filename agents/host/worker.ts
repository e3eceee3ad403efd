import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { AgentEvent } from '../contract/index.ts';
import type { Agent } from '../core/agent.ts';
import type { AgentThreadData, ToAgent } from './crew/agent-protocol.ts';
import { AgentContext } from './crew/agent-context.ts';
import type { ViewMessage } from './ports/notices.ts';
import { giveBackSoon } from './spare-memory.ts';
import { receiveViews } from './view-channel.ts';

/**
 * The one thread entry of all agents: which agent it is follows from `workerData`. It owns the views of that agent (one per
 * cluster), fed by the kube worker over a port of their own, and runs the agent's checks when something changed.
 */

const data = workerData as AgentThreadData;
const host = parentPort;
if (host === null) throw new Error('host/worker.ts is a thread entry and cannot be run by itself');

const { AGENTS } = (await import(data.registry)) as { AGENTS: readonly Agent[] };
const agent = AGENTS.find((a) => a.id === data.agent);
if (agent === undefined) throw new Error(`the registry has no agent ${data.agent}`);

const contexts = new Map<string | null, AgentContext>();
const say = (event: AgentEvent): void => host.postMessage(event);
/** What is asked about no cluster has a context of its own: it sees nothing, and there is never anything to check in it. */
const contextOf = (name: string | null): AgentContext => {
  let context = contexts.get(name);
  if (context === undefined) contexts.set(name, (context = new AgentContext(name, agent, say)));
  return context;
};

/** So many objects at once are part of a whole cluster. */
const LARGE = 500;
let views: MessagePort | undefined;
const onView = (message: ViewMessage): void => {
  if (message.type === 'gone') {
    contexts.get(message.context)?.close();
    contexts.delete(message.context);
    return;
  }
  contextOf(message.context).apply(message);
  if (message.upserts.length >= LARGE) giveBackSoon();
};

host.on('message', (message: ToAgent) => {
  switch (message.type) {
    case 'view':
      views?.close();
      views = message.port;
      receiveViews(views, onView);
      return;
    case 'facts':
      contexts.get(message.context)?.learn(message.facts);
      return;
    case 'consult':
      contextOf(message.context).consult(message.request, message.consultation);
      return;
    case 'unasked':
      contexts.get(message.context)?.unasked(message.request);
      return;
    case 'outOfDate':
      contexts.get(message.context)?.outOfDate(message.probe);
      return;
    case 'report':
      contextOf(message.context).request(message.request, message.about);
      return;
    case 'judge':
      contextOf(message.task.context).judge(message.task);
      return;
    case 'forget':
      for (const context of contexts.values()) context.forget(message.plan);
      return;
    case 'pause':
      for (const context of contexts.values()) context.pause(message.paused);
      return;
  }
});
