import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isOfProgram, startError } from '../container-start.ts';
import { CONTAINER_KINDS, containerWords, fieldEvidence, placedContainers, podsOf, statusEvidence } from '../containers.ts';
import { fillsMemory, memoryVolumes } from '../memory-volumes.ts';
import { essence } from '../pod-warnings.ts';
import { count, names } from '../scheduling-evidence.ts';
import { slippedUnits } from '../slipped-unit.ts';

const MEMORY = 'resources.limits.memory';

/** What the runtime stumbles over, the field that says it (below the container, or `pod:` below the pod's spec), and what can be done. */
const WORDS: readonly (readonly [RegExp, string, string, string])[] = [
  [
    /seccomp/i,
    'securityContext.seccompProfile',
    'its seccomp profile is not on the node',
    'put the profile on every node it may run on, or name one that is there',
  ],
  [
    /apparmor/i,
    'securityContext.appArmorProfile',
    'its AppArmor profile is not loaded on the node',
    'load the profile on every node it may run on, or name one that is loaded',
  ],
  [
    /unable to find (?:user|group)|passwd file|no such user/i,
    'securityContext.runAsUser',
    'the image does not know the user it is to run as',
    'name the user by its number, or use an image that has it',
  ],
  [
    /to rootfs|error mounting|mount destination|are you trying to mount/i,
    'volumeMounts',
    'a volume cannot be mounted where it is to be',
    'mount a folder onto a folder and a file (subPath) onto a file, at a path the image leaves free',
  ],
  [
    /missing value for|expand(?:ing)? subpath/i,
    'volumeMounts',
    'a subPathExpr names a variable that the container does not have',
    'set that variable in the env of the container, or correct the name in its subPathExpr',
  ],
  [
    /argument list too long/i,
    'env',
    'its arguments and variables together are longer than the kernel takes',
    'set enableServiceLinks: false in the spec of its pods, which takes away the variables of every Service of the namespace, or shorten what env and envFrom bring',
  ],
  [/oom-?killed|memory limit too low/i, MEMORY, 'its memory limit is too low for the runtime to begin it', 'raise its memory limit'],
  [
    /user ?namespace|userns|id-?mapped|idmap/i,
    'pod:hostUsers',
    'the node cannot give it user namespaces of its own (hostUsers: false)',
    'leave hostUsers out, or run it on nodes that can',
  ],
  [
    /chdir to cwd|working ?dir/i,
    'workingDir',
    'its working directory cannot be entered',
    'name a workingDir that exists in the image and that its user may enter',
  ],
  [
    /nvidia|device driver|unresolvable cdi|\bcdi\b/i,
    'resources.limits',
    'the device it asks for cannot be given to it on the node',
    'see that the driver and the device plugin of the node work',
  ],
  [/capabilit/i, 'securityContext.capabilities', 'the node does not have a capability it asks for', 'ask for capabilities the node has'],
  [
    /is reserved for|name .* already in use/i,
    '',
    'the runtime of the node still holds the container before it',
    'see whether the disk or the runtime of the node is too slow: the kubelet gave up while the runtime was still at it',
  ],
  [
    /no space left|cannot allocate memory|resource temporarily unavailable|too many open files|no child processes|cgroup/i,
    '',
    'the node lacks room, memory, processes or cgroups for it',
    'see what takes the room, the memory or the processes of the node',
  ],
  [
    /deadline ?exceeded|timed? ?out/i,
    '',
    'the runtime of the node does not answer in time',
    'look at the load, the disk and the runtime of the node',
  ],
];

export const containerNotMade = defineCheck({
  code: 'POD-017',
  title: 'The runtime cannot make a container',
  severity: 'high',
  role: 'cause',
  kinds: CONTAINER_KINDS,
  hypothesis: 'the runtime cannot make its container',
  doc: `The image is there, and the runtime fails before the program of the container is begun (CreateContainerError, RunContainerError, StartError): a profile the
node does not have, a volume that does not fit where it is mounted, a user the image does not know, a device, or the runtime itself. What it says is quoted.`,
  run: (ctx) =>
    placedContainers(ctx).flatMap((placed): FindingDraft[] => {
      const failing = placed.runs.filter((r) => startError(r) !== undefined);
      const [run] = failing;
      const said = run === undefined ? undefined : startError(run);
      if (run === undefined || said === undefined || isOfProgram(said) || slippedUnits(placed).length > 0) return [];
      const [, path = '', what = 'the runtime refuses it', supply = 'see what the runtime of the node says'] =
        WORDS.find(([pattern]) => pattern.test(said)) ?? [];
      const inMemory = path === MEMORY ? memoryVolumes(placed) : [];
      const known = what !== 'the runtime refuses it';
      return [
        {
          subject: placed.workload.ref,
          field:
            path === '' ? placed.path : path.startsWith('pod:') ? `${placed.workload.specPath}.${path.slice(4)}` : `${placed.path}.${path}`,
          affects: podsOf(failing),
          message: `${containerWords(placed)} cannot be made, so ${count(failing.length, 'pod')} cannot start: ${what}${said === '' ? '' : ` (${essence(said, 200)})`}${fillsMemory(inMemory)}`,
          evidence: [
            statusEvidence(run, said === '' ? 'the runtime does not say why' : essence(said, 500)),
            ...inMemory.map((v) => fieldEvidence(placed.workload.ref, v.field, 'medium: Memory')),
          ],
          // That a mount does not fit is what another check may explain, which knows the file that is wrong.
          confidence: path === 'volumeMounts' ? 0.68 : known ? 0.85 : 0.6,
          params: {
            container: placed.spec.name,
            path: placed.path,
            supply:
              inMemory.length === 0
                ? supply
                : `keep volume ${names(inMemory.map((v) => v.volume.name))} on disk (leave medium out), give it a sizeLimit well below the memory limit, or raise that; a pod that is made anew begins with it empty`,
          },
        },
      ];
    }),
});
