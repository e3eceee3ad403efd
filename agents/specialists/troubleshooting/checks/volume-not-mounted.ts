import { type KubeEventFact, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { Workload } from '../../../core/workloads.ts';
import { placedContainers } from '../containers.ts';
import { failingDriver } from '../node-plugins.ts';
import { type HeldUp, essence, heldUp, warningEvidence } from '../pod-warnings.ts';
import { SCHEDULING_KINDS } from '../scheduling-kinds.ts';
import { count } from '../scheduling-evidence.ts';
import { slippedUnits } from '../slipped-unit.ts';
import { usedElsewhere } from '../used-elsewhere.ts';

/** The kubelet's and the attach/detach controller's words for a volume that does not come. */
const REASONS = /^(?:FailedMount|FailedAttachVolume|FailedMapVolume)$/;
/** Of ConfigMaps, Secrets and accounts: the checks of what is missing tell of those. */
const OF_CONFIG =
  /(?:configmaps?|secrets?|serviceaccounts?) "[^"]*" (?:not found|is forbidden)|references non-existent|not registered|failed to sync (?:configmap|secret)/i;
/** A Secret that the storage driver itself wants: no pod names it, so no other check speaks of it. */
const OF_DRIVER = /\bcsi\b|rpc error|secret ?ref|SetupAt|NodeStage|NodePublish|MountDevice/i;
/** Says only that it waits. */
const WAITS = /timed out waiting for the condition|unmounted volumes=/i;

const NO_DRIVER = /driver name (\S+) not found in the list of registered csi drivers|csinode .* does not contain driver (\S+)/i;

/** What is wrong with the volume and what can be done; the first that fits. */
const WORDS: readonly (readonly [RegExp, string, string])[] = [
  [
    /(?:failed to (?:find|get|fetch)|fetching|couldn't get) .*?secrets? .*secrets? "([^"]*)" (?:not found|is forbidden)/i,
    'its storage driver lacks Secret $1',
    'create the Secret that the volume, its class or its PersistentVolume names for the driver, with the keys the driver wants, or name the one that is there',
  ],
  [
    NO_DRIVER,
    'the storage driver $1 does not run on the node',
    'see that the driver’s pod for the node runs: it registers itself with the kubelet when it starts',
  ],
  [
    /multi-attach error|already (?:exclusively )?attached to|volume ?(?:is )?in ?use|is attached to another/i,
    'it is still attached to another node',
    'see which pod or node still has it: after a node was lost it is let go when the node is deleted or marked out of service',
  ],
  [
    /exceed\w* max(?:imum)? volume|max(?:imum)? (?:number of )?(?:volumes|attachments)|attachment limit|no (?:free|more) (?:attachment )?(?:slot|device)/i,
    'the node can take no more volumes',
    'place the pod on a node with fewer volumes',
  ],
  [
    /wrong fs type|bad superblock|structure needs cleaning|fsck|corrupt|input\/output error/i,
    'its file system is damaged or of another kind',
    'check the file system of the volume while nothing uses it, or restore it from a backup',
  ],
  [/type check failed/i, 'the node has not what it is to be', 'make the path on the node what the volume says it is, or change the volume'],
  [
    /access denied|permission denied|not ?authori[sz]ed|unauthori[sz]ed|access ?denied|permission_?denied|operation not permitted/i,
    'the storage refuses it',
    'let the node, or the account of the storage driver, use the volume',
  ],
  [
    /no such file or directory|does not exist|not ?found|no such (?:volume|disk|export)|could not find|special device .* does not exist/i,
    'the storage does not have it',
    'name a volume, export or path that exists, or make this one',
  ],
  [
    /no route to host|connection refused|network is unreachable|name or service not known|failed to resolve|host is down|connection timed out|timed? ?out|deadline ?exceeded/i,
    'the storage does not answer',
    'see that the server of the volume is up and that the node reaches it',
  ],
  [/no space left on device/i, 'there is no room left', 'make room on the node or in the storage'],
];

interface Told {
  readonly said: KubeEventFact;
  readonly what: string;
  readonly supply: string;
  /** The storage driver that is not there. */
  readonly driver: string | undefined;
}

/** The warning that says most: the last one that says why, else the last that says that it waits. */
function telling({ warnings = [] }: HeldUp): Told | undefined {
  const said = warnings.filter((e) => REASONS.test(e.reason) && (!OF_CONFIG.test(e.message) || OF_DRIVER.test(e.message)));
  const why = said.findLast((e) => !WAITS.test(e.message)) ?? said.at(-1);
  if (why === undefined) return undefined;
  for (const [pattern, what, supply] of WORDS) {
    const match = pattern.exec(why.message);
    if (match === null || (WAITS.test(why.message) && !/connection timed out/i.test(why.message))) continue;
    const name = match[1] ?? match[2];
    return { said: why, what: what.replace('$1', name ?? ''), supply, driver: NO_DRIVER.test(why.message) ? name : undefined };
  }
  return { said: why, what: 'it does not come', supply: 'see what the driver of the volume says in its log', driver: undefined };
}

/** Where the volume stands in the pod's spec: events call a claim's volume by the name of the PersistentVolume. */
function placeOf({ template, specPath }: Workload, said: KubeEventFact): { readonly field: string; readonly name: string } {
  const { volumes } = template.spec;
  const named = [...said.message.matchAll(/(?:for volume|volumes=\[|volume) ?"?([a-z0-9][a-z0-9.-]*)/gi)].map((m) => m[1]);
  const claims = volumes.flatMap((v, i) => (v.persistentVolumeClaim === undefined ? [] : [i]));
  const own = volumes.findIndex((v) => named.includes(v.name));
  const at = own >= 0 ? own : claims.length === 1 ? (claims[0] ?? -1) : volumes.length === 1 ? 0 : -1;
  const volume = volumes[at];
  return volume === undefined
    ? { field: `${specPath}.volumes`, name: named[0] ?? '' }
    : { field: `${specPath}.volumes[${at}]`, name: volume.persistentVolumeClaim?.claimName ?? volume.name };
}

export const volumeNotMounted = defineCheck({
  code: 'VOL-011',
  title: 'A volume cannot be mounted',
  severity: 'high',
  role: 'cause',
  kinds: SCHEDULING_KINDS,
  hypothesis: 'a volume of it cannot be mounted',
  doc: `The pod has a place, and a volume of it cannot be attached to that node or mounted there: its storage driver does not run on the node, the file server
does not answer or refuses, the file system is damaged, another node still has it. Only events say so (FailedMount, FailedAttachVolume); in the status
the containers wait in ContainerCreating.`,
  run: (ctx) =>
    heldUp(ctx).flatMap((held): FindingDraft[] => {
      const { workload, pods } = held;
      const [pod] = pods;
      const told = telling(held);
      if (pod === undefined || told === undefined) {
        if (held.warnings !== undefined) ctx.passed(workload.ref, 'nobody says that a volume of it cannot be mounted');
        return [];
      }
      if (/multi-attach/i.test(told.said.message) && usedElsewhere(pod, ctx.view) !== undefined) return [];
      // Volumes of config lie in memory, within the memory limit of the pod.
      if (
        /no space left/i.test(told.said.message) &&
        placedContainers(ctx).some((p) => p.workload === workload && slippedUnits(p).length > 0)
      )
        return [];
      const { field, name } = placeOf(workload, told.said);
      const driver = told.driver === undefined ? undefined : failingDriver(ctx.view, told.driver, pod.spec.nodeName);
      return [
        {
          subject: workload.ref,
          field,
          affects: pods.map(refOf),
          message: `volume ${name} cannot be mounted on ${pod.spec.nodeName ?? ''}, so ${count(pods.length, 'pod')} cannot start: ${told.what}${driver === undefined ? '' : `: DaemonSet ${driver.namespace}/${driver.name} has no ready pod there`} (${essence(told.said.message, 200)})`,
          evidence: [warningEvidence(pod, told.said)],
          confidence: told.what === 'it does not come' ? 0.6 : 0.85,
          params: { supply: told.supply },
          // Why the driver's pod is not ready, another check tells.
          ...(driver === undefined ? {} : { role: 'symptom' as const, calls: [driver.ref] }),
        },
      ];
    }),
});
