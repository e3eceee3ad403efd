import { defineAgent } from '../../core/agent.ts';
import { allowanceWillBeUsedUp } from './checks/allowance-will-be-used-up.ts';
import { errorNewSinceRollout } from './checks/error-new-since-rollout.ts';
import { errorsInABurst } from './checks/errors-in-a-burst.ts';
import { memoryWillRunOut } from './checks/memory-will-run-out.ts';
import { nodeWillRunOut } from './checks/node-will-run-out.ts';
import { serviceSlowerOrFailing } from './checks/service-slower-or-failing.ts';
import { volumeWillBeFull } from './checks/volume-will-be-full.ts';
import { workloadTakesMore } from './checks/workload-takes-more.ts';
import { rightSizing } from './consultations/right-sizing.ts';
import { trafficProfile } from './consultations/traffic-profile.ts';
import { trends } from './consultations/trends.ts';
import { verifyMetrics } from './consultations/verify-metrics.ts';
import { putTheEarlierRevisionBack } from './remedies/put-the-earlier-revision-back.ts';

/** Watches metrics and logs: what is unusual, what is new since a rollout, and which limits are about to be reached, before anything breaks. */
export const observability = defineAgent({
  id: 'observability',
  title: 'ObservabilityAgent',
  description:
    'Learns what is usual in the metrics and logs of each workload, says what is not, and foretells which limits will be reached.',
  icon: 'activity',
  checks: [
    memoryWillRunOut,
    volumeWillBeFull,
    nodeWillRunOut,
    allowanceWillBeUsedUp,
    serviceSlowerOrFailing,
    workloadTakesMore,
    errorNewSinceRollout,
    errorsInABurst,
  ],
  remedies: [putTheEarlierRevisionBack],
  offers: { verifyMetrics, trends, rightSizing, trafficProfile },
});
