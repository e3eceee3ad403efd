import type { Plan } from '../../contract/index.ts';
import type { CommonFlags } from './flags.ts';
import { progress } from './print.ts';
import type { Client } from './session.ts';

const WORDS: Partial<Record<Plan['state'], string>> = { acting: 'carrying it out', verifying: 'verifying', rollingBack: 'taking it back' };

/** Waits until a plan is settled and says, on stderr, where on the road it is. */
export async function follow(client: Client, flags: CommonFlags, id: string): Promise<Plan> {
  const wait = progress(flags);
  for (;;) {
    const plan = await client.plans.get({ id });
    wait.say(`${WORDS[plan.state] ?? plan.state}${plan.reason === undefined ? '' : `: ${plan.reason}`} …`);
    const settled = await client.plans.settled({ id, timeoutSeconds: 2 }).catch(() => undefined);
    if (settled === undefined || !isEnd(settled.state)) continue;
    wait.done();
    return settled;
  }
}

const isEnd = (state: Plan['state']) =>
  !['preflight', 'dryRunning', 'awaitingApproval', 'acting', 'verifying', 'rollingBack'].includes(state);
