import { defineAgent } from '../../core/agent.ts';
import { surroundings } from './consultations/surroundings.ts';
import { answerRefusal } from './remedies/answer-refusal.ts';
import { admissionDeniesPods } from './checks/admission-denies-pods.ts';
import { apiServiceUnavailable } from './checks/api-service-unavailable.ts';
import { autoscalerAtItsMaximum } from './checks/autoscaler-at-its-maximum.ts';
import { autoscalerSeesNoMetrics } from './checks/autoscaler-sees-no-metrics.ts';
import { autoscalerTargetMissing } from './checks/autoscaler-target-missing.ts';
import { autoscalerWithoutRequests } from './checks/autoscaler-without-requests.ts';
import { portAlreadyTaken } from './checks/port-already-taken.ts';
import { portNotPermitted } from './checks/port-not-permitted.ts';
import { programForAnotherMachine } from './checks/program-for-another-machine.ts';
import { calledServiceMissing } from './checks/called-service-missing.ts';
import { initContainerWaits } from './checks/init-container-waits.ts';
import { runsAsRootThoughForbidden } from './checks/runs-as-root-though-forbidden.ts';
import { fileSystemReadOnly } from './checks/file-system-read-only.ts';
import { capabilityDropped } from './checks/capability-dropped.ts';
import { volumeNotPermitted } from './checks/volume-not-permitted.ts';
import { scratchSpaceExceeded } from './checks/scratch-space-exceeded.ts';
import { probeCommandFails } from './checks/probe-command-fails.ts';
import { probeProtocolWrong } from './checks/probe-protocol-wrong.ts';
import { readinessFlaps } from './checks/readiness-flaps.ts';
import { mountedFileMissing } from './checks/mounted-file-missing.ts';
import { environmentOlderThanConfig } from './checks/environment-older-than-config.ts';
import { volumeFull } from './checks/volume-full.ts';
import { variableSetTwice } from './checks/variable-set-twice.ts';
import { networkPolicyDenies } from './checks/network-policy-denies.ts';
import { ingressCertificateUnfit } from './checks/ingress-certificate-unfit.ts';
import { externalNameLeadsNowhere } from './checks/external-name-leads-nowhere.ts';
import { noEndpointOnTheNode } from './checks/no-endpoint-on-the-node.ts';
import { asksAnotherDns } from './checks/asks-another-dns.ts';
import { nobodyAnswersForNames } from './checks/nobody-answers-for-names.ts';
import { corefileBroken } from './checks/corefile-broken.ts';
import { peersNotNamedBeforeReady } from './checks/peers-not-named-before-ready.ts';
import { gatewayLeadsNowhere } from './checks/gateway-leads-nowhere.ts';
import { gatewayNotAccepted } from './checks/gateway-not-accepted.ts';
import { claimDoesNotExist } from './checks/claim-does-not-exist.ts';
import { claimUnused } from './checks/claim-unused.ts';
import { classDoesNotExist } from './checks/class-does-not-exist.ts';
import { claimUsedByAnotherPod } from './checks/claim-used-by-another-pod.ts';
import { claimNotMadeLarger } from './checks/claim-not-made-larger.ts';
import { commandNotFound } from './checks/command-not-found.ts';
import { configChangedBeforeFailure } from './checks/config-changed-before-failure.ts';
import { worseSinceAChange } from './checks/worse-since-a-change.ts';
import { takeTheChangeBack } from './remedies/take-the-change-back.ts';
import { configNotAccepted } from './checks/config-not-accepted.ts';
import { credentialsRefused } from './checks/credentials-refused.ts';
import { variableLeftAsWritten } from './checks/variable-left-as-written.ts';
import { configMapDoesNotExist } from './checks/config-map-does-not-exist.ts';
import { configMapKeyMissing } from './checks/config-map-key-missing.ts';
import { configMapNearlyFull } from './checks/config-map-nearly-full.ts';
import { configMapUnused } from './checks/config-map-unused.ts';
import { conversionWebhookUnavailable } from './checks/conversion-webhook-unavailable.ts';
import { cronJobHeldBack } from './checks/cron-job-held-back.ts';
import { cronJobLeftSuspended } from './checks/cron-job-left-suspended.ts';
import { customResourceUnwell } from './checks/custom-resource-unwell.ts';
import { cronJobMissesRuns } from './checks/cron-job-misses-runs.ts';
import { cronJobTimeZoneWrong } from './checks/cron-job-time-zone-wrong.ts';
import { daemonSetKeptOffNodes } from './checks/daemon-set-kept-off-nodes.ts';
import { daemonSetMatchesNoNode } from './checks/daemon-set-matches-no-node.ts';
import { defaultAccountHasRights } from './checks/default-account-has-rights.ts';
import { disruptionBudgetAllowsNone } from './checks/disruption-budget-allows-none.ts';
import { disruptionBudgetHeldByUnhealthy } from './checks/disruption-budget-held-by-unhealthy.ts';
import { disruptionBudgetMatchesNothing } from './checks/disruption-budget-matches-nothing.ts';
import { disruptionBudgetsOverlap } from './checks/disruption-budgets-overlap.ts';
import { eligibleNodesCordoned } from './checks/eligible-nodes-cordoned.ts';
import { endpointPortNameDiffers } from './checks/endpoint-port-name-differs.ts';
import { environmentVariableMissing } from './checks/environment-variable-missing.ts';
import { finalizerNotRemoved } from './checks/finalizer-not-removed.ts';
import { gaveWayToPriority } from './checks/gave-way-to-priority.ts';
import { headlessServiceMissing } from './checks/headless-service-missing.ts';
import { hostPortTaken } from './checks/host-port-taken.ts';
import { imageDoesNotExist } from './checks/image-does-not-exist.ts';
import { imageNameInvalid } from './checks/image-name-invalid.ts';
import { imageNeverPulled } from './checks/image-never-pulled.ts';
import { ingressBackendDoesNotExist } from './checks/ingress-backend-does-not-exist.ts';
import { ingressClassDoesNotExist } from './checks/ingress-class-does-not-exist.ts';
import { ingressPortWrong } from './checks/ingress-port-wrong.ts';
import { ingressPathTaken } from './checks/ingress-path-taken.ts';
import { ingressSecretDoesNotExist } from './checks/ingress-secret-does-not-exist.ts';
import { jobGaveUp } from './checks/job-gave-up.ts';
import { jobKeptFromEnding } from './checks/job-kept-from-ending.ts';
import { jobRanOutOfTime } from './checks/job-ran-out-of-time.ts';
import { kubeletCertificateNotApproved } from './checks/kubelet-certificate-not-approved.ts';
import { limitRangeRefuses } from './checks/limit-range-refuses.ts';
import { looksForItAtHome } from './checks/looks-for-it-at-home.ts';
import { loadBalancerNotMade } from './checks/load-balancer-not-made.ts';
import { livenessTooEager } from './checks/liveness-too-eager.ts';
import { memoryUnitSlipped } from './checks/memory-unit-slipped.ts';
import { meshSubsetEmpty } from './checks/mesh-subset-empty.ts';
import { namesNotAccepted } from './checks/names-not-accepted.ts';
import { namespaceStaysTerminating } from './checks/namespace-stays-terminating.ts';
import { neverReady } from './checks/never-ready.ts';
import { noDefaultStorageClass } from './checks/no-default-storage-class.ts';
import { noPodToBeNear } from './checks/no-pod-to-be-near.ts';
import { noVolumeFitsClaim } from './checks/no-volume-fits-claim.ts';
import { nodeAffinityMatchesNoNode } from './checks/node-affinity-matches-no-node.ts';
import { nodeClockWrong } from './checks/node-clock-wrong.ts';
import { nodeNetworkUnavailable } from './checks/node-network-unavailable.ts';
import { nodeNotReady } from './checks/node-not-ready.ts';
import { nodeReportsAProblem } from './checks/node-reports-a-problem.ts';
import { nodeRefusesPod } from './checks/node-refuses-pod.ts';
import { nodeSelectorMatchesNoNode } from './checks/node-selector-matches-no-node.ts';
import { nodeUnderPressure } from './checks/node-under-pressure.ts';
import { outOfMemory } from './checks/out-of-memory.ts';
import { podSecurityRefuses } from './checks/pod-security-refuses.ts';
import { podNotResized } from './checks/pod-not-resized.ts';
import { podsMustBeApart } from './checks/pods-must-be-apart.ts';
import { podsNotPlaced } from './checks/pods-not-placed.ts';
import { podsRefused } from './checks/pods-refused.ts';
import { probePathWrong } from './checks/probe-path-wrong.ts';
import { probePortWrong } from './checks/probe-port-wrong.ts';
import { programEndsThoughItShouldRun } from './checks/program-ends-though-it-should-run.ts';
import { programEndsWithError } from './checks/program-ends-with-error.ts';
import { programKilledFromOutside } from './checks/program-killed-from-outside.ts';
import { provisionerDoesNotAnswer } from './checks/provisioner-does-not-answer.ts';
import { pullDenied } from './checks/pull-denied.ts';
import { pullSecretDoesNotExist } from './checks/pull-secret-does-not-exist.ts';
import { quotaDemandsResources } from './checks/quota-demands-resources.ts';
import { quotaExceeded } from './checks/quota-exceeded.ts';
import { registryUnreachable } from './checks/registry-unreachable.ts';
import { requestLargerThanAnyNode } from './checks/request-larger-than-any-node.ts';
import { requestLargerThanWhatIsFree } from './checks/request-larger-than-what-is-free.ts';
import { rightIsMissing } from './checks/right-is-missing.ts';
import { textToBeObeyed } from './checks/text-to-be-obeyed.ts';
import { roleAllowsEverything } from './checks/role-allows-everything.ts';
import { rolloutPaused } from './checks/rollout-paused.ts';
import { rolloutStuck } from './checks/rollout-stuck.ts';
import { scaledToZero } from './checks/scaled-to-zero.ts';
import { serviceVariableInTheWay } from './checks/service-variable-in-the-way.ts';
import { variableFromAnAbsentLabel } from './checks/variable-from-an-absent-label.ts';
import { tokenForAnotherAudience } from './checks/token-for-another-audience.ts';
import { serviceOfAnotherProtocol } from './checks/service-of-another-protocol.ts';
import { nameInAnotherDomain } from './checks/name-in-another-domain.ts';
import { systemLimitReached } from './checks/system-limit-reached.ts';
import { heapOfTheRuntimeFull } from './checks/heap-of-the-runtime-full.ts';
import { databaseLacksIt } from './checks/database-lacks-it.ts';
import { listensAtHomeOnly } from './checks/listens-at-home-only.ts';
import { readinessGateNotSet } from './checks/readiness-gate-not-set.ts';
import { scheduleNeverFires } from './checks/schedule-never-fires.ts';
import { schedulerDoesNotAnswer } from './checks/scheduler-does-not-answer.ts';
import { deviceClaimNotMade } from './checks/device-claim-not-made.ts';
import { schedulingGateLeft } from './checks/scheduling-gate-left.ts';
import { secretDoesNotExist } from './checks/secret-does-not-exist.ts';
import { secretKeyMissing } from './checks/secret-key-missing.ts';
import { servedCertificateUnfit } from './checks/served-certificate-unfit.ts';
import { serviceAccountDoesNotExist } from './checks/service-account-does-not-exist.ts';
import { serviceAccountTokenNotMounted } from './checks/service-account-token-not-mounted.ts';
import { serviceSelectsNothing } from './checks/service-selects-nothing.ts';
import { serviceSelectsTooMuch } from './checks/service-selects-too-much.ts';
import { serviceTargetPortWrong } from './checks/service-target-port-wrong.ts';
import { serviceWithoutReadyEndpoint } from './checks/service-without-ready-endpoint.ts';
import { spreadTooUneven } from './checks/spread-too-uneven.ts';
import { statefulSetKeepsOldPod } from './checks/stateful-set-keeps-old-pod.ts';
import { statefulSetWaitsForPod } from './checks/stateful-set-waits-for-pod.ts';
import { storageClassDoesNotExist } from './checks/storage-class-does-not-exist.ts';
import { taintNobodyTolerates } from './checks/taint-nobody-tolerates.ts';
import { valueKeptUndone } from './checks/value-kept-undone.ts';
import { volumeAttachedElsewhere } from './checks/volume-attached-elsewhere.ts';
import { volumeIsGone } from './checks/volume-is-gone.ts';
import { volumeIsReleased } from './checks/volume-is-released.ts';
import { containerNotMade } from './checks/container-not-made.ts';
import { nodeHasNoRoomForImages } from './checks/node-has-no-room-for-images.ts';
import { pullsLimited } from './checks/pulls-limited.ts';
import { sandboxNotMade } from './checks/sandbox-not-made.ts';
import { startHookFails } from './checks/start-hook-fails.ts';
import { volumeNotMounted } from './checks/volume-not-mounted.ts';
import { volumeOnNoEligibleNode } from './checks/volume-on-no-eligible-node.ts';
import { webhookCannotBeCalled } from './checks/webhook-cannot-be-called.ts';
import { webhookCertificateRefused } from './checks/webhook-certificate-refused.ts';
import { keyNotInIt } from './manifests/key-not-in-it.ts';
import { nameNearlyThere } from './manifests/name-nearly-there.ts';
import { probeAsksNoPort } from './manifests/probe-asks-no-port.ts';
import { serviceMissesItsPods } from './manifests/service-misses-its-pods.ts';
import { wouldBeRefused } from './manifests/would-be-refused.ts';
import { askItsOperator } from './remedies/ask-its-operator.ts';
import { correctClaimName } from './remedies/correct-claim-name.ts';
import { correctConfigReference } from './remedies/correct-config-reference.ts';
import { correctImageReference } from './remedies/correct-image-reference.ts';
import { correctMemoryUnit } from './remedies/correct-memory-unit.ts';
import { correctNodeSelector } from './remedies/correct-node-selector.ts';
import { correctPodAffinity } from './remedies/correct-pod-affinity.ts';
import { correctProbe } from './remedies/correct-probe.ts';
import { correctSelector } from './remedies/correct-selector.ts';
import { correctServiceAccount } from './remedies/correct-service-account.ts';
import { correctTargetPort } from './remedies/correct-target-port.ts';
import { correctValue } from './remedies/correct-value.ts';
import { decideAboutPlace } from './remedies/decide-about-place.ts';
import { findAVolume } from './remedies/find-a-volume.ts';
import { grantRight } from './remedies/grant-right.ts';
import { keepOrDeleteClaim } from './remedies/keep-or-delete-claim.ts';
import { keepWithinLimitRange } from './remedies/keep-within-limit-range.ts';
import { letGo } from './remedies/let-go.ts';
import { makeRoomInQuota } from './remedies/make-room-in-quota.ts';
import { mountAccountToken } from './remedies/mount-account-token.ts';
import { nameTheOnlyClass } from './remedies/name-the-only-class.ts';
import { nameAProgram } from './remedies/name-a-program.ts';
import { nameAScheduler } from './remedies/name-a-scheduler.ts';
import { putBackTheValue } from './remedies/put-back-the-value.ts';
import { raiseMemoryLimit } from './remedies/raise-memory-limit.ts';
import { recreateClaimWithClass } from './remedies/recreate-claim-with-class.ts';
import { reduceRequest } from './remedies/reduce-request.ts';
import { renewWebhookCertificate } from './remedies/renew-webhook-certificate.ts';
import { restoreCalledService } from './remedies/restore-called-service.ts';
import { satisfyPodSecurity } from './remedies/satisfy-pod-security.ts';
import { stopOldPodsFirst } from './remedies/stop-old-pods-first.ts';
import { supplyEnvironment } from './remedies/supply-environment.ts';
import { tolerateOrUntaint } from './remedies/tolerate-or-untaint.ts';
import { uncordonNode } from './remedies/uncordon-node.ts';
import { writeDemandedResources } from './remedies/write-demanded-resources.ts';
import { createHeadlessService } from './remedies/create-headless-service.ts';
import { stopTheActor } from './remedies/stop-the-actor.ts';
import { deleteOldPods } from './remedies/delete-old-pods.ts';
import { scaleUpAgain } from './remedies/scale-up-again.ts';
import { restartWithNewValues } from './remedies/restart-with-new-values.ts';
import { mountAFolder } from './remedies/mount-a-folder.ts';
import { allowTheConnection } from './remedies/allow-the-connection.ts';
import { undoRollout } from './remedies/undo-rollout.ts';

/** Remedies stand in the order in which their plans are offered: the precise change before the undo of the rollout. */
export const troubleshooting = defineAgent({
  id: 'troubleshooting',
  title: 'K8sAgent',
  description: 'Finds why workloads do not start, run or answer, and proposes the smallest change that repairs them.',
  icon: 'stethoscope',
  listens: ['performance.degraded', 'exhaustion.predicted', 'logs.patternAppeared'],
  offers: { surroundings },
  checks: [
    gatewayNotAccepted,
    gatewayLeadsNowhere,
    peersNotNamedBeforeReady,
    readinessGateNotSet,
    listensAtHomeOnly,
    serviceVariableInTheWay,
    variableFromAnAbsentLabel,
    tokenForAnotherAudience,
    serviceOfAnotherProtocol,
    nameInAnotherDomain,
    systemLimitReached,
    heapOfTheRuntimeFull,
    databaseLacksIt,
    corefileBroken,
    nobodyAnswersForNames,
    asksAnotherDns,
    noEndpointOnTheNode,
    externalNameLeadsNowhere,
    ingressCertificateUnfit,
    networkPolicyDenies,
    variableSetTwice,
    probeCommandFails,
    probeProtocolWrong,
    readinessFlaps,
    mountedFileMissing,
    environmentOlderThanConfig,
    containerNotMade,
    nodeHasNoRoomForImages,
    nodeReportsAProblem,
    pullsLimited,
    sandboxNotMade,
    startHookFails,
    volumeNotMounted,
    volumeFull,
    scratchSpaceExceeded,
    capabilityDropped,
    volumeNotPermitted,
    fileSystemReadOnly,
    runsAsRootThoughForbidden,
    initContainerWaits,
    calledServiceMissing,
    programForAnotherMachine,
    portNotPermitted,
    portAlreadyTaken,
    admissionDeniesPods,
    apiServiceUnavailable,
    autoscalerAtItsMaximum,
    autoscalerSeesNoMetrics,
    autoscalerTargetMissing,
    autoscalerWithoutRequests,
    claimDoesNotExist,
    claimUnused,
    classDoesNotExist,
    claimUsedByAnotherPod,
    claimNotMadeLarger,
    commandNotFound,
    configChangedBeforeFailure,
    worseSinceAChange,
    configNotAccepted,
    credentialsRefused,
    variableLeftAsWritten,
    configMapDoesNotExist,
    configMapKeyMissing,
    configMapNearlyFull,
    configMapUnused,
    conversionWebhookUnavailable,
    cronJobHeldBack,
    cronJobLeftSuspended,
    customResourceUnwell,
    cronJobMissesRuns,
    cronJobTimeZoneWrong,
    daemonSetKeptOffNodes,
    daemonSetMatchesNoNode,
    defaultAccountHasRights,
    disruptionBudgetAllowsNone,
    disruptionBudgetHeldByUnhealthy,
    disruptionBudgetMatchesNothing,
    disruptionBudgetsOverlap,
    eligibleNodesCordoned,
    endpointPortNameDiffers,
    environmentVariableMissing,
    finalizerNotRemoved,
    gaveWayToPriority,
    headlessServiceMissing,
    hostPortTaken,
    imageDoesNotExist,
    imageNameInvalid,
    imageNeverPulled,
    ingressBackendDoesNotExist,
    ingressClassDoesNotExist,
    ingressPortWrong,
    ingressPathTaken,
    ingressSecretDoesNotExist,
    jobGaveUp,
    jobKeptFromEnding,
    jobRanOutOfTime,
    kubeletCertificateNotApproved,
    limitRangeRefuses,
    loadBalancerNotMade,
    looksForItAtHome,
    livenessTooEager,
    memoryUnitSlipped,
    meshSubsetEmpty,
    namesNotAccepted,
    namespaceStaysTerminating,
    neverReady,
    noDefaultStorageClass,
    noPodToBeNear,
    noVolumeFitsClaim,
    nodeAffinityMatchesNoNode,
    nodeClockWrong,
    nodeNetworkUnavailable,
    nodeNotReady,
    nodeRefusesPod,
    nodeSelectorMatchesNoNode,
    nodeUnderPressure,
    outOfMemory,
    podSecurityRefuses,
    podNotResized,
    podsMustBeApart,
    podsNotPlaced,
    podsRefused,
    probePathWrong,
    probePortWrong,
    programEndsThoughItShouldRun,
    programEndsWithError,
    programKilledFromOutside,
    provisionerDoesNotAnswer,
    pullDenied,
    pullSecretDoesNotExist,
    quotaDemandsResources,
    quotaExceeded,
    registryUnreachable,
    requestLargerThanAnyNode,
    requestLargerThanWhatIsFree,
    rightIsMissing,
    roleAllowsEverything,
    rolloutPaused,
    rolloutStuck,
    scaledToZero,
    scheduleNeverFires,
    schedulerDoesNotAnswer,
    deviceClaimNotMade,
    schedulingGateLeft,
    secretDoesNotExist,
    secretKeyMissing,
    servedCertificateUnfit,
    serviceAccountDoesNotExist,
    serviceAccountTokenNotMounted,
    serviceSelectsNothing,
    serviceSelectsTooMuch,
    serviceTargetPortWrong,
    serviceWithoutReadyEndpoint,
    spreadTooUneven,
    statefulSetKeepsOldPod,
    statefulSetWaitsForPod,
    storageClassDoesNotExist,
    textToBeObeyed,
    taintNobodyTolerates,
    valueKeptUndone,
    volumeAttachedElsewhere,
    volumeIsGone,
    volumeIsReleased,
    volumeOnNoEligibleNode,
    webhookCannotBeCalled,
    webhookCertificateRefused,
  ],
  manifestChecks: [keyNotInIt, nameNearlyThere, probeAsksNoPort, serviceMissesItsPods, wouldBeRefused],
  remedies: [
    takeTheChangeBack,
    answerRefusal,
    correctClaimName,
    correctConfigReference,
    correctImageReference,
    correctMemoryUnit,
    correctNodeSelector,
    correctPodAffinity,
    correctProbe,
    correctSelector,
    correctServiceAccount,
    correctTargetPort,
    correctValue,
    decideAboutPlace,
    findAVolume,
    grantRight,
    keepOrDeleteClaim,
    askItsOperator,
    keepWithinLimitRange,
    letGo,
    makeRoomInQuota,
    mountAccountToken,
    nameTheOnlyClass,
    nameAProgram,
    nameAScheduler,
    putBackTheValue,
    raiseMemoryLimit,
    recreateClaimWithClass,
    reduceRequest,
    renewWebhookCertificate,
    restoreCalledService,
    satisfyPodSecurity,
    stopOldPodsFirst,
    supplyEnvironment,
    tolerateOrUntaint,
    uncordonNode,
    writeDemandedResources,
    createHeadlessService,
    deleteOldPods,
    scaleUpAgain,
    stopTheActor,
    mountAFolder,
    restartWithNewValues,
    allowTheConnection,
    undoRollout,
  ],
});
