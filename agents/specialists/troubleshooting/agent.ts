import { defineAgent } from '../../core/agent.ts';
import { claimDoesNotExist } from './checks/claim-does-not-exist.ts';
import { eligibleNodesCordoned } from './checks/eligible-nodes-cordoned.ts';
import { noDefaultStorageClass } from './checks/no-default-storage-class.ts';
import { noVolumeFitsClaim } from './checks/no-volume-fits-claim.ts';
import { nodeAffinityMatchesNoNode } from './checks/node-affinity-matches-no-node.ts';
import { nodeSelectorMatchesNoNode } from './checks/node-selector-matches-no-node.ts';
import { podsNotPlaced } from './checks/pods-not-placed.ts';
import { quotaDemandsResources } from './checks/quota-demands-resources.ts';
import { quotaExceeded } from './checks/quota-exceeded.ts';
import { requestLargerThanAnyNode } from './checks/request-larger-than-any-node.ts';
import { requestLargerThanWhatIsFree } from './checks/request-larger-than-what-is-free.ts';
import { serviceSelectsNothing } from './checks/service-selects-nothing.ts';
import { serviceSelectsTooMuch } from './checks/service-selects-too-much.ts';
import { serviceTargetPortWrong } from './checks/service-target-port-wrong.ts';
import { serviceWithoutReadyEndpoint } from './checks/service-without-ready-endpoint.ts';
import { storageClassDoesNotExist } from './checks/storage-class-does-not-exist.ts';
import { taintNobodyTolerates } from './checks/taint-nobody-tolerates.ts';
import { volumeIsReleased } from './checks/volume-is-released.ts';
import { volumeOnNoEligibleNode } from './checks/volume-on-no-eligible-node.ts';
import { correctClaimName } from './remedies/correct-claim-name.ts';
import { correctNodeSelector } from './remedies/correct-node-selector.ts';
import { correctSelector } from './remedies/correct-selector.ts';
import { correctTargetPort } from './remedies/correct-target-port.ts';
import { findAVolume } from './remedies/find-a-volume.ts';
import { makeRoomInQuota } from './remedies/make-room-in-quota.ts';
import { nameTheOnlyClass } from './remedies/name-the-only-class.ts';
import { recreateClaimWithClass } from './remedies/recreate-claim-with-class.ts';
import { reduceRequest } from './remedies/reduce-request.ts';
import { tolerateOrUntaint } from './remedies/tolerate-or-untaint.ts';
import { uncordonNode } from './remedies/uncordon-node.ts';
import { writeDemandedResources } from './remedies/write-demanded-resources.ts';

export const troubleshooting = defineAgent({
  id: 'troubleshooting',
  title: 'K8sAgent',
  description: 'Finds why workloads do not start, run or answer, and proposes the smallest change that repairs them.',
  icon: 'stethoscope',
  checks: [
    claimDoesNotExist,
    eligibleNodesCordoned,
    noDefaultStorageClass,
    noVolumeFitsClaim,
    nodeAffinityMatchesNoNode,
    nodeSelectorMatchesNoNode,
    podsNotPlaced,
    quotaDemandsResources,
    quotaExceeded,
    requestLargerThanAnyNode,
    requestLargerThanWhatIsFree,
    serviceSelectsNothing,
    serviceSelectsTooMuch,
    serviceTargetPortWrong,
    serviceWithoutReadyEndpoint,
    storageClassDoesNotExist,
    taintNobodyTolerates,
    volumeIsReleased,
    volumeOnNoEligibleNode,
  ],
  remedies: [
    correctClaimName,
    correctNodeSelector,
    correctSelector,
    correctTargetPort,
    findAVolume,
    makeRoomInQuota,
    nameTheOnlyClass,
    recreateClaimWithClass,
    reduceRequest,
    tolerateOrUntaint,
    uncordonNode,
    writeDemandedResources,
  ],
});
