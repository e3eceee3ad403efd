import { type KubeEventFact, type ResourceRef, refOf } from '../../../contract/index.ts';
import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { parseQuantity } from '../../../core/quantity.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { fieldEvidence } from '../containers.ts';
import { failingNetwork } from '../node-plugins.ts';
import { type HeldUp, essence, heldUp, warningEvidence } from '../pod-warnings.ts';
import { count } from '../scheduling-evidence.ts';

/** What about the pod itself the runtime refuses; everything else is the node's matter. */
const OF_THE_POD: readonly (readonly [RegExp, string, string])[] = [
  [/runtime ?handler|no runtime for/i, 'runtimeClassName', 'its runtime class names a runtime that the node does not have'],
  [/sysctl|\/proc\/sys\//i, 'securityContext.sysctls', 'the node does not take its kernel settings'],
  [/hostname.*(?:too long|invalid)|sethostname/i, 'hostname', 'the node does not take its host name'],
  [/user ?namespace|userns|id-?mapped|idmap/i, 'hostUsers', 'the node cannot give it user namespaces of its own (hostUsers: false)'],
  [
    /oom[- ]?killed|memory limit too low|memory\.(?:max|limit_in_bytes)/i,
    'containers',
    'its memory limit is too low for the runtime to begin it',
  ],
];

/** What the node lacks, in words; the first that fits. */
const OF_THE_NODE: readonly (readonly [RegExp, string, string])[] = [
  [
    /no ip addresses? available|no available ip|failed to allocate for range|not enough ip|insufficient ?cidr|failed to assign an ip|ip pool.*exhausted|no more ips/i,
    'the node has no address left to give to a pod',
    'free addresses on the node: pods that are over, addresses that were never given back, or a larger range for its pods',
  ],
  [
    /cni plugin not initialized|cni config uninitialized|network plugin is not ready|no networks? found in|failed to find plugin/i,
    'the network plugin is not set up on the node',
    'look at the pods of the network plugin on the node',
  ],
  [
    /failed to (?:pull|get) sandbox image|pulling sandbox image/i,
    'the node cannot get the image of the sandbox itself',
    'let the node reach the registry of its sandbox image, or name one it can reach in the settings of its runtime',
  ],
  [/no space left on device|disk quota/i, 'the file system of the node is full', 'make room in the file system of the runtime on the node'],
  [
    /cannot allocate memory|resource temporarily unavailable|too many open files|no child processes|pthread_create/i,
    'the node has run out of memory, processes or open files',
    'see what takes the processes, files or memory of the node',
  ],
  [
    /failed to set ?up (?:the )?(?:pod )?network|plugin type=|networkplugin|\bcni\b/i,
    'the network plugin on the node fails',
    'look at the pods of the network plugin on the node, and at their logs',
  ],
];

/** How the reason is put, and where it has to be changed. */
interface Blame {
  readonly subject: ResourceRef;
  readonly field?: string;
  readonly what: string;
  readonly supply: string;
}

function blame({ workload, pods: [pod] }: HeldUp, said: KubeEventFact): Blame {
  const own = OF_THE_POD.find(([pattern]) => pattern.test(said.message));
  if (own !== undefined) {
    if (own[1] === 'containers') return { subject: workload.ref, what: own[2], ...raised(workload) };
    const field = `${workload.specPath}.${own[1]}`;
    return { subject: workload.ref, field, what: own[2], supply: `change ${field} to what the node can do, or let the node do it` };
  }
  const [, what = 'the runtime of the node fails', supply = 'look at the runtime of the node and its log'] =
    OF_THE_NODE.find(([pattern]) => pattern.test(said.message)) ?? [];
  return { subject: { apiVersion: 'v1', kind: 'Node', name: pod?.spec.nodeName ?? '' }, what, supply };
}

/** The container with the lowest limit is the one to raise: the pod has no more than all of them together. */
function raised({ template, specPath }: HeldUp['workload']): Pick<Blame, 'field' | 'supply'> {
  const limited = template.spec.containers
    .map((c, i) => ({ field: `${specPath}.containers[${i}].resources.limits.memory`, limit: c.resources.limits['memory'] }))
    .filter((c) => c.limit !== undefined)
    .sort((a, b) => (parseQuantity(a.limit ?? '') ?? 0) - (parseQuantity(b.limit ?? '') ?? 0));
  const [lowest] = limited;
  return lowest === undefined
    ? { supply: 'raise the memory limits of its containers' }
    : {
        field: lowest.field,
        supply: `raise ${lowest.field}: ${lowest.limit ?? ''} is less than the runtime itself needs to begin a container`,
      };
}

export const sandboxNotMade = defineCheck({
  code: 'NOD-005',
  title: 'A node cannot make the sandbox of a pod',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its node cannot make a sandbox for it',
  doc: `Before any container the runtime makes the sandbox of a pod: its network, its address, its host name. When that fails the pod stays in ContainerCreating
and only events say why (FailedCreatePodSandBox). Mostly it is the node's matter, and the same for all pods there: no address left, a network plugin that
does not run, a full disk. Where it is something the pod asks for, like a runtime class, it is the pod's.`,
  run: (ctx) => {
    const held = heldUp(ctx);
    const found = held.flatMap((h) => {
      const said = h.warnings?.findLast((e) => /FailedCreatePodSandBox|FailedPodSandBoxStatus|NetworkNotReady/i.test(e.reason));
      const [pod] = h.pods;
      if (said === undefined || pod === undefined) {
        if (h.warnings !== undefined) ctx.passed(h.workload.ref, 'nobody says that its sandbox fails');
        return [];
      }
      return [{ ...h, pod, said, blame: blame(h, said) }];
    });
    return found.flatMap(({ pod, said, blame: { subject, field, what, supply } }, i): FindingDraft[] => {
      const same = (other: (typeof found)[number]) => sameObject(other.blame.subject, subject);
      if (found.findIndex(same) !== i) return [];
      // Of workloads beyond those that were asked about, the pods on the same node wait for the same thing.
      const beside = subject.kind === 'Node' ? held.filter((h) => h.warnings === undefined) : [];
      const pods = [...found.filter(same), ...beside].flatMap((h) =>
        h.pods.filter((p) => subject.kind !== 'Node' || p.spec.nodeName === subject.name),
      );
      const plugin = subject.kind === 'Node' && /network plugin/.test(what) ? failingNetwork(ctx.view, subject.name) : undefined;
      return [
        {
          subject,
          ...(field === undefined ? {} : { field }),
          affects: pods.map(refOf),
          message: `${what}, so ${count(pods.length, 'pod')} on ${pod.spec.nodeName ?? ''} cannot start: ${essence(said.message, 200)}`,
          evidence: [
            warningEvidence(pod, said),
            fieldEvidence(refOf(pod), 'spec.nodeName', `placed on ${pod.spec.nodeName ?? ''}, and no container has begun`),
          ],
          confidence: 0.9,
          params: { supply },
          // Why the plugin's pod is not ready, another check tells.
          ...(plugin === undefined ? {} : { role: 'symptom' as const, calls: [plugin.ref] }),
        },
      ];
    });
  },
});

const sameObject = (a: ResourceRef, b: ResourceRef) => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
