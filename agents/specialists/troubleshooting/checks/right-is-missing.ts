import { type Evidence, type Kind, type ResourceRef, refKey, refOf, refWords } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { isReady } from '../../../core/unexplained.ts';
import {
  CONTAINER_KINDS,
  type ContainerRun,
  type Placed,
  failedRun,
  failureLog,
  fieldEvidence,
  logEvidence,
  placedContainers,
} from '../containers.ts';
import { type MissingRight, accountMeant, missingRight } from '../missing-right.ts';
import { type Need, RBAC_KINDS, needWords, readForbidden } from '../rbac.ts';
import { names } from '../scheduling-evidence.ts';

export const RIGHT_KINDS = [...CONTAINER_KINDS, ...RBAC_KINDS] as const satisfies readonly Kind[];
type RightKind = (typeof RIGHT_KINDS)[number];

/** A program that is refused may run on, so the logs of these are read too: of accounts of their own, begun not long ago. */
const MOST_HEALTHY = 20;
const YOUNG_MS = 3_600_000;
const TAIL = 60;
/** When a program that has just begun is listened to again. Milliseconds since its start. */
const FIRST_WORDS_MS = [2_000, 5_000, 9_000];
/** Distinct rights looked at in one log. */
const MOST_NEEDS = 6;

export const rightIsMissing = defineCheck({
  code: 'RBC-003',
  title: 'An account lacks a right',
  severity: 'high',
  role: 'cause',
  kinds: RIGHT_KINDS,
  hypothesis: 'its account lacks a right at the API server',
  doc: `A program's log quotes the API server: this account cannot do this verb on that resource in that place. The right is looked for again
in Roles and bindings, and what is wrong is named: the rule that lacks the verb, the resource or the group, the binding that names another
account or a role that does not exist, or that no binding is there. The logs of pods that are not well are read, and those of the ${MOST_HEALTHY}
newest workloads with an account of their own that began within the hour.`,
  run: (ctx) => {
    const found = new Map<
      string,
      { needs: Need[]; why: MissingRight | 'unknown'; evidence: Evidence[]; affects: ResourceRef[]; placed: Placed }
    >();
    for (const { placed, run, lines } of logsToRead(ctx)) {
      const needs = new Map<string, { need: Need; line: string }>();
      for (const line of [...lines].reverse()) {
        const need = readForbidden(line);
        // A program may quote what another account was refused.
        if (need !== undefined && needs.size < MOST_NEEDS && isOf(need, run.pod))
          needs.set(JSON.stringify(need), needs.get(JSON.stringify(need)) ?? { need, line });
      }
      for (const { need, line } of needs.values()) {
        const why = forgotten(ctx, placed, need) ?? missingRight(ctx.view, need);
        if (why === undefined) {
          ctx.passed(placed.workload.ref, `its account may ${needWords(need)}`);
          continue;
        }
        const wrong: Pick<Wrong, 'ref' | 'field'> = why === 'unknown' ? { ref: accountRef(need) } : subjectOf(why, need, placed);
        const key = [refKey(wrong.ref), wrong.field, need.account.namespace, need.account.name, need.namespace].join('|');
        const known = found.get(key) ?? { needs: [], why, evidence: [], affects: [], placed };
        if (!known.needs.some((n) => JSON.stringify(n) === JSON.stringify(need))) known.needs.push(need);
        if (known.evidence.length < 4) known.evidence.push(logEvidence(run, line.trim().slice(0, 600)));
        known.affects.push(placed.workload.ref, refOf(run.pod));
        found.set(key, known);
      }
    }
    return [...found.values()].flatMap(({ needs, why, evidence, placed, ...found }): FindingDraft[] => {
      const affects = [...new Map(found.affects.map((r) => [refKey(r), r])).values()];
      const [need] = needs;
      if (need === undefined) return [];
      const rights = names(needs.map(needWords), 6);
      const account = `ServiceAccount ${need.account.namespace}/${need.account.name}`;
      if (why === 'unknown') {
        ctx.missing('Roles and bindings', `which of them should let ${account} ${rights} cannot be read`);
        return [
          {
            subject: accountRef(need),
            affects,
            message: `${account} may not ${rights}; which role or binding should allow it cannot be read from here`,
            evidence,
            // That it is refused is certain, and explains what fails by it; what to change is not known.
            confidence: 0.75,
            params: { needs: JSON.stringify(needs), why: 'unknown' },
          },
        ];
      }
      const { ref, field, words, text } = subjectOf(why, need, placed);
      return [
        {
          subject: ref,
          field,
          affects,
          message: `${account} may not ${rights}: ${words}`,
          evidence: [...evidence, ...(text === undefined ? [] : [fieldEvidence(ref, field ?? '', text)])],
          confidence: 0.95,
          params: { needs: JSON.stringify(needs), why: why.why, ...(why.why === 'account' ? { meant: why.meant } : {}) },
        },
      ];
    });
  },
});

function isOf({ account }: Need, { metadata, spec }: ContainerRun['pod']): boolean {
  return account.namespace === metadata.namespace && account.name === (spec.serviceAccountName || 'default');
}

const accountRef = ({ account }: Need): ResourceRef => ({ apiVersion: 'v1', kind: 'ServiceAccount', ...account });

/** The object that is wrong, where in it, and what would be right. */
interface Wrong {
  readonly ref: ResourceRef;
  readonly field?: string;
  readonly words: string;
  readonly text?: string;
}

function subjectOf(why: MissingRight, need: Need, { workload }: Placed): Wrong {
  switch (why.why) {
    case 'subject': {
      const subject = why.binding.subjects[why.index];
      const wrong = why.part === 'name' ? (subject?.name ?? '') : (subject?.namespace ?? '');
      return {
        ref: refOf(why.binding),
        field: `subjects[${why.index}].${why.part}`,
        words: `${refWords(refOf(why.binding))} binds ${refWords(refOf(why.role))}, which allows it, to ${why.part} ${wrong} instead of ${why.part === 'name' ? need.account.name : need.account.namespace}`,
        text: wrong,
      };
    }
    case 'no-role':
      return {
        ref: refOf(why.binding),
        field: 'roleRef.name',
        words: `${refWords(refOf(why.binding))} binds it to ${why.binding.roleRef.kind} ${why.binding.roleRef.name}, which does not exist${why.meant === undefined ? '' : `; was ${why.meant.metadata.name} meant?`}`,
        text: why.binding.roleRef.name,
      };
    case 'rule': {
      const ref = refOf(why.role);
      const rule = why.near === undefined ? undefined : why.role.rules[why.near.index];
      if (why.near === undefined || rule === undefined)
        return {
          ref,
          field: 'rules',
          words: `${refWords(ref)}, which is bound to it, has no rule for ${need.resource} in API group "${need.group}"`,
        };
      const { part, index } = why.near;
      const right = { verbs: need.verb, apiGroups: `"${need.group}"`, resources: need.resource, resourceNames: need.name ?? 'no names' }[
        part
      ];
      return {
        ref,
        field: `rules[${index}].${part}`,
        words: `rules[${index}] of ${refWords(ref)} has ${part} ${rule[part].map((x) => (x === '' ? '""' : x)).join(', ')}, and lacks ${right}`,
        text: JSON.stringify({ apiGroups: rule.apiGroups, resources: rule.resources, verbs: rule.verbs }),
      };
    }
    case 'elsewhere':
      return {
        ref: accountRef(need),
        words: `it has that right in namespace ${names([...new Set(why.bindings.map((b) => b.metadata.namespace ?? ''))])} only (${names(why.bindings.map((b) => refWords(refOf(b))))}), and asks in ${need.namespace ?? 'the whole cluster'}`,
      };
    case 'unbound':
      return { ref: accountRef(need), words: `${refWords(refOf(why.role))} allows it, and no binding gives that role to the account` };
    case 'account':
      return {
        ref: workload.ref,
        field: `${workload.specPath}.serviceAccountName`,
        words: `its pods run as the namespace's default account, and ServiceAccount ${why.meant} has that right: was serviceAccountName: ${why.meant} forgotten?`,
        text: workload.template.spec.serviceAccountName ?? 'not set',
      };
    case 'nothing':
      return { ref: accountRef(need), words: 'no binding gives the account a role that allows it' };
  }
}

/** Nobody gives the default account rights; where one was made for it, its name was left out. */
function forgotten({ view }: CheckContext<RightKind>, { workload }: Placed, need: Need): MissingRight | undefined {
  const right = missingRight(view, need);
  if (right === undefined || right === 'unknown' || (right.why !== 'nothing' && right.why !== 'unbound')) return undefined;
  const meant = accountMeant(view, need, workload.name);
  return meant === undefined ? undefined : { why: 'account', meant };
}

interface Read {
  readonly placed: Placed;
  readonly run: ContainerRun;
  readonly lines: readonly string[];
}

function logsToRead(ctx: CheckContext<RightKind>): readonly Read[] {
  const read: Read[] = [];
  const healthy: { placed: Placed; run: ContainerRun; since: number }[] = [];
  for (const placed of placedContainers(ctx)) {
    const { workload } = placed;
    // An account of its own, or one of its name that it does not use.
    const own =
      !['', 'default'].includes(workload.template.spec.serviceAccountName ?? '') ||
      ctx.view.get('ServiceAccount', workload.namespace, workload.name) !== undefined;
    const ended = placed.runs.map((run) => ({ run, ended: failedRun(run) })).find((r) => r.ended !== undefined);
    if (ended?.ended !== undefined) {
      const lines = failureLog(ctx, ended.run, ended.ended);
      if (lines !== undefined) read.push({ placed, run: ended.run, lines });
      continue;
    }
    const unready = placed.runs.find(({ pod, status }) => status.state.running !== undefined && !isReady(pod));
    const [first] = placed.runs.filter(({ status }) => status.state.running !== undefined);
    if (unready !== undefined) read.push({ placed, run: unready, lines: liveLog(ctx, unready) });
    else if (first !== undefined && own && !workload.namespace.startsWith('kube-')) {
      const since = Date.parse(first.status.state.running?.startedAt ?? '');
      if (ctx.now - since < YOUNG_MS) healthy.push({ placed, run: first, since });
    }
  }
  healthy.sort((a, b) => b.since - a.since);
  for (const { placed, run } of healthy.slice(0, MOST_HEALTHY)) read.push({ placed, run, lines: liveLog(ctx, run) });
  return read;
}

function liveLog(ctx: CheckContext<RightKind>, { pod, status }: ContainerRun): readonly string[] {
  const age = ctx.now - Date.parse(status.state.running?.startedAt ?? '');
  const fact = ctx.ask({
    type: 'podLogs',
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: status.name,
    previous: false,
    // A log is read again a while later anyhow; what began just now says its first words sooner.
    tailLines: TAIL + FIRST_WORDS_MS.filter((ms) => age > ms).length,
    restart: status.restartCount,
  });
  return fact?.ok === true ? fact.value.lines : [];
}
