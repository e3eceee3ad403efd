import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { failingRuns, lastSaying } from '../failing-runs.ts';

/** What a program tries, and the capability the kernel asks for (capabilities(7)). The first that fits counts. */
const NEEDS: readonly (readonly [RegExp, string, string])[] = [
  [/\b[lf]?chown(?:at)?\b|change (?:the )?owner/i, 'CHOWN', 'chown'],
  [/\bset(?:e|re|res|fs)?gid\b|\bsetgroups\b|\binitgroups\b/i, 'SETGID', 'change its group'],
  [/\bset(?:e|re|res|fs)?uid\b|\bsu(?:do|-exec)?:|\bgosu\b|switch(?:ing)? (?:to )?user/i, 'SETUID', 'change its user'],
  [/\braw[ _]socket|SOCK_RAW|\bping:|icmp open socket/i, 'NET_RAW', 'open a raw socket'],
  [/iptables|nftables|netlink|RTNETLINK|\bip6?tables\b|TUNSETIFF|\/dev\/net\/tun/i, 'NET_ADMIN', 'change the network'],
  [/\bchroot\b/i, 'SYS_CHROOT', 'chroot'],
  [/\bmknod\b/i, 'MKNOD', 'mknod'],
  [/\bu?mount\b|\bunshare\b|\bsetns\b|\bsethostname\b/i, 'SYS_ADMIN', 'mount, or change namespaces'],
  [/\bptrace\b/i, 'SYS_PTRACE', 'trace another program'],
  [/settimeofday|clock_settime|adjtime/i, 'SYS_TIME', 'set the clock'],
  [/\bmlock(?:all)?\b/i, 'IPC_LOCK', 'lock memory'],
  [/\bsetrlimit\b/i, 'SYS_RESOURCE', 'raise its limits'],
  [/\bnice\b|\bsetpriority\b|sched_set/i, 'SYS_NICE', 'raise its priority'],
  [/\bf?chmod(?:at)?\b|\butime/i, 'FOWNER', 'chmod'],
];
/** What a container has where nothing is said (containerd and CRI-O; the others must be added). */
const BY_DEFAULT = new Set(['CHOWN', 'SETGID', 'SETUID', 'NET_RAW', 'SYS_CHROOT', 'MKNOD', 'FOWNER']);

function needs(line: string): { readonly capability: string; readonly words: string } | undefined {
  if (!/operation not permitted|\bEPERM\b/i.test(line)) return undefined;
  const found = NEEDS.find(([says]) => says.test(line));
  return found === undefined ? undefined : { capability: found[1], words: found[2] };
}
const plain = (names: readonly string[]) => names.map((n) => n.toUpperCase().replace(/^CAP_/, ''));

export const capabilityDropped = defineCheck({
  code: 'RUN-006',
  title: 'A program does what needs a capability that was taken from it',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it lacks a capability',
  doc: `The log says that an operation is not permitted, the operation is one that needs a capability, and the container's securityContext drops that one, or
all. Users other than root have no capabilities in any case: there the program must be told not to try.`,
  run: (ctx) =>
    lastSaying(failingRuns(ctx), needs).flatMap(({ placed, run, line, says: { capability, words } }): FindingDraft[] => {
      const own = placed.spec.securityContext;
      const drop = plain(own?.capabilities?.drop ?? []);
      const add = plain(own?.capabilities?.add ?? []);
      if (own?.privileged === true || add.includes(capability) || add.includes('ALL')) return [];
      const dropped = drop.includes(capability) ? capability : drop.includes('ALL') ? 'ALL' : undefined;
      const never = !BY_DEFAULT.has(capability);
      const user = own?.runAsUser ?? placed.workload.template.spec.securityContext?.runAsUser;
      const isUser = user !== undefined && user !== null && user !== 0;
      if (dropped === undefined && !never && !isUser) return [];
      const at = `${placed.path}.securityContext.capabilities`;
      const why = isUser
        ? `it runs as user ${user}, who has none`
        : dropped === undefined
          ? 'no container has it unless it is added'
          : `securityContext drops ${dropped}`;
      return [
        {
          subject: placed.workload.ref,
          field: isUser ? `${placed.path}.securityContext` : at,
          affects: podsOf(placed.runs.filter((r) => !r.status.ready)),
          message: `${containerWords(placed)} may not ${words}: that needs the capability ${capability}, and ${why}; ${isUser ? '' : `add ${capability}, or `}run the program as a user that need not do this`,
          evidence: [
            logEvidence(run, line),
            fieldEvidence(placed.workload.ref, at, `drop: [${drop.join(', ')}], add: [${add.join(', ')}]`),
          ],
          confidence: dropped === undefined ? 0.75 : 0.92,
          params: {
            container: placed.spec.name,
            path: placed.path,
            capability,
            supply: isUser
              ? `let ${containerWords(placed)} not try to ${words}, or start it as root with the capability ${capability} only`
              : `add ${capability} to ${at}.add if the program must ${words}; if it need not, keep it from trying`,
          },
        },
      ];
    }),
});
