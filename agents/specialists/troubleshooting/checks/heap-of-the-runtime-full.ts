import { type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { WORKLOAD_KINDS } from '../../../core/workloads.ts';
import { type Placed, containerWords, fieldEvidence, logEvidence, podsOf } from '../containers.ts';
import { lastSaying, unwellRuns } from '../failing-runs.ts';

/** A runtime with a bound of its own: how it says that it is reached, how it is set, and what it is where nobody sets it. */
interface Runtime {
  readonly says: RegExp;
  readonly option: RegExp;
  readonly set: string;
  readonly unset: string;
}

const RUNTIMES: readonly Runtime[] = [
  {
    says: /OutOfMemoryError: ?(?:Java heap space|GC overhead limit exceeded)/,
    option: /-Xmx\S+|-XX:MaxRAM(?:Percentage|Fraction)?=\S+|-XX:MaxHeapSize=\S+/,
    set: '-XX:MaxRAMPercentage (about 75) or -Xmx',
    unset: 'a quarter of the memory limit',
  },
  {
    says: /OutOfMemoryError: ?Metaspace/,
    option: /-XX:MaxMetaspaceSize=\S+/,
    set: '-XX:MaxMetaspaceSize',
    unset: 'without a bound',
  },
  {
    says: /OutOfMemoryError: ?(?:Cannot reserve .* direct buffer|Direct buffer memory)/,
    option: /-XX:MaxDirectMemorySize=\S+/,
    set: '-XX:MaxDirectMemorySize',
    unset: 'as large as the heap',
  },
  {
    says: /JavaScript heap out of memory|Reached heap limit/,
    option: /--max[-_]old[-_]space[-_]size=\S+/,
    set: '--max-old-space-size (about three quarters of the limit, in MiB)',
    unset: 'what V8 derives from the memory it sees',
  },
];
const runtimeIn = (line: string): Runtime | undefined => RUNTIMES.find(({ says }) => says.test(line));

/** Where the manifest sets the bound, with the option as it is written. */
function optionOf({ spec, path }: Placed, { option }: Runtime): { readonly field: string; readonly text: string } | undefined {
  const env = spec.env.map((e, i) => ({ field: `${path}.env[${i}].value`, value: e.value ?? '' }));
  const lists = (['command', 'args'] as const).flatMap((list) => spec[list].map((value, i) => ({ field: `${path}.${list}[${i}]`, value })));
  for (const { field, value } of [...env, ...lists]) {
    const text = option.exec(value)?.[0];
    if (text !== undefined) return { field, text };
  }
  return undefined;
}

export const heapOfTheRuntimeFull = defineCheck({
  code: 'POD-021',
  title: 'The heap of a runtime is full before the memory limit is reached',
  severity: 'high',
  role: 'cause',
  kinds: WORKLOAD_KINDS,
  hypothesis: 'its runtime has reached the bound of its own heap',
  doc: `The Java virtual machine and Node bound their heap by themselves. Where that is full they end the program with an error of their own: the kernel killed nothing (no OOMKilled), and a
higher memory limit changes nothing where the bound is written down. The bound goes up, with the limit above it, or what fills the heap is found.`,
  run: (ctx) =>
    lastSaying(unwellRuns(ctx), runtimeIn).map(({ placed, run, line, says: runtime }): FindingDraft => {
      const option = optionOf(placed, runtime);
      const limit = placed.spec.resources.limits['memory'];
      const room = limit === undefined ? 'the container has no memory limit' : `the container may use ${limit}`;
      return {
        subject: placed.workload.ref,
        field: option?.field ?? placed.path,
        affects: podsOf(placed.runs.filter((r) => !r.status.ready || r.unproven)),
        message: `${containerWords(placed)} has filled the heap of its runtime (${line.slice(0, 200)}): it is bound by ${option === undefined ? `default to ${runtime.unset}` : option.text}, and ${room}; nothing was killed for its memory`,
        evidence: [
          logEvidence(run, line),
          ...(option === undefined ? [] : [fieldEvidence(placed.workload.ref, option.field, option.text)]),
          ...(limit === undefined ? [] : [fieldEvidence(placed.workload.ref, `${placed.path}.resources.limits.memory`, limit)]),
        ],
        confidence: option === undefined ? 0.85 : 0.92,
        params: {
          container: placed.spec.name,
          path: placed.path,
          supply: `raise ${option?.text ?? runtime.set}${option === undefined ? '' : ` in ${option.field}`} and keep the memory limit well above it (threads, buffers and the runtime itself come on top), or find in a heap dump what fills it`,
        },
      };
    }),
});
