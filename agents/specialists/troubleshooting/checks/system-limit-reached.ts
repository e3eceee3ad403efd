import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { containerWords, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';

interface Limit {
  readonly says: RegExp;
  readonly what: string;
  readonly cure: string;
}

/** What of a process or a node is counted apart from CPU and memory, and how programs say that there is no more of it. */
const LIMITS: readonly Limit[] = [
  {
    says: /inotify|fsnotify|file watch(?:er|es)|max_user_(?:watches|instances)/i,
    what: 'no more watches of files (inotify) on its node',
    cure: 'raise fs.inotify.max_user_instances and max_user_watches on the nodes, or see who on the node watches so many files',
  },
  {
    says: /too many open files|\bEMFILE\b|\bENFILE\b|(?:file descriptors?|open files?|nofile).{0,30}(?:limit|exhaust|exceed)/i,
    what: 'no more file descriptors (open files and connections)',
    cure: 'see which files or connections it opens and does not close (ls /proc/1/fd in the container); if it needs that many, raise LimitNOFILE of the container runtime on the nodes, or ulimit -n where the program starts',
  },
  {
    says: /unable to create (?:new )?native thread|can't start new thread|can.?not create (?:new )?(?:OS )?thread|failed to create (?:new )?(?:OS )?thread|pthread_create.{0,40}(?:EAGAIN|fail|Resource temporarily)|(?:fork|clone)\b.{0,20}(?:EAGAIN|Resource temporarily unavailable)|pids\.max/i,
    what: 'no more threads or processes',
    cure: 'see how many threads it starts and why they do not end; if it needs that many, raise podPidsLimit of the kubelet, or bound its pool of threads',
  },
];
const WATCHES = LIMITS[0];

/** The limit that a line says is reached. Of watches it is said in the words of the others ("too many open files", "no space left"). */
function limitIn(line: string): Limit | undefined {
  if (WATCHES?.says.test(line) === true) return /too many|limit|no space|ENOSPC|EMFILE/i.test(line) ? WATCHES : undefined;
  return LIMITS.find((limit) => limit !== WATCHES && limit.says.test(line));
}

export const systemLimitReached = defineCheck({
  code: 'POD-020',
  title: 'A program has reached a limit of the system that is neither CPU nor memory',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'it is out of file descriptors, threads or watches',
  doc: `The kernel counts open files, threads and watches of files for each process, pod or node. The log of a program that failed, or does not get ready, says that there is no more of one.
Java calls a missing thread an OutOfMemoryError; more memory and more replicas do not help against any of them.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), limitIn).map(({ placed, run, line, says: { what, cure } }): FindingDraft => ({
      subject: placed.workload.ref,
      field: placed.path,
      affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
      message: `${containerWords(placed)} gets ${what}: ${line.slice(0, 300)}; a higher memory limit does not help`,
      evidence: [logEvidence(run, line)],
      confidence: 0.82,
      params: { container: placed.spec.name, path: placed.path, supply: cure },
    })),
});
