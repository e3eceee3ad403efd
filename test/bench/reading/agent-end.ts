import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { AgentContext } from '../../../agents/host/crew/agent-context.ts';
import { receiveViews } from '../../../agents/host/view-channel.ts';
import { AGENTS } from '../../../agents/specialists/index.ts';

/**
 * A thread of the troubleshooting agent as the app has it, which also says when it had its first 200 objects, when everything, and how late
 * it heard of changes.
 */
export interface AgentEndReport {
  /** `performance.timeOrigin`-based milliseconds of the wall clock. */
  readonly first200At: number | undefined;
  readonly syncedAt: number | undefined;
  /** Milliseconds from the change to the moment the agent has taken it in, sorted. */
  readonly lags: readonly number[];
}

const agent = AGENTS[0];
if (agent === undefined) throw new Error('there is no agent');
const contexts = new Map<string, AgentContext>();
let objects = 0;
let first200At: number | undefined;
let syncedAt: number | undefined;
let lags: number[] = [];
const wall = () => performance.timeOrigin + performance.now();

parentPort?.on('message', (message: { port?: MessagePort; report?: true }) => {
  if (message.report === true) {
    parentPort?.postMessage({ first200At, syncedAt, lags: lags.sort((a, b) => a - b) } satisfies AgentEndReport);
    [lags, objects, first200At, syncedAt] = [[], 0, undefined, undefined];
    return;
  }
  if (message.port === undefined) return;
  receiveViews(message.port, (view) => {
    if (view.type === 'gone') return;
    let context = contexts.get(view.context);
    if (context === undefined) contexts.set(view.context, (context = new AgentContext(view.context, agent, () => undefined)));
    context.apply(view);
    objects += view.upserts.length;
    if (objects >= 200) first200At ??= wall();
    if (view.synced) syncedAt ??= wall();
    for (const object of view.upserts) {
      const at = object.metadata.annotations['bench/at'];
      if (at !== undefined) lags.push(wall() - Number(at));
    }
  });
});
