import {
  type Announced,
  type Announcement,
  type Change,
  type ConsultationAnswer,
  type KubeObject,
  type ResourceRef,
  refKey,
  refOf,
} from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import { callees } from '../../../core/callees.ts';
import { type Workload, revisionOf, workloadAt } from '../../../core/workloads.ts';
import { CONFIG_KINDS, configReferences } from '../config-references.ts';

/** A change this long before something became worse is suspected, and one a moment later, for readings are confirmed and clocks differ. Milliseconds. */
const SUSPECT_MS = 30 * 60_000;
const SLACK_MS = 45_000;
/** Objects of one workload whose changes are asked for. */
const MOST_ASKED = 10;
/** The most telling first. */
const HEARD: readonly Announced[] = ['performance.degraded', 'exhaustion.predicted', 'logs.patternAppeared'];

const KINDS = [...CONFIG_KINDS, 'Service'] as const;
type Ctx = CheckContext<(typeof KINDS)[number]>;

export const worseSinceAChange = defineCheck({
  code: 'CHG-001',
  title: 'A change made a workload slower, let it run out of something, or brought errors',
  severity: 'medium',
  role: 'cause',
  kinds: KINDS,
  hypothesis: 'something that was changed shortly before made it worse',
  doc: `Another agent announced that a workload answers slower, fails more often, runs towards a limit, or logs errors that it did not log before. The record of changes is asked what changed in
the half hour before it began: the workload itself, the ConfigMaps and Secrets it uses, and the workloads it calls. The last change before it is
suspected; what helped when it was like this before is told with it.`,
  run: (ctx) => {
    const fact = ctx.ask({ type: 'announcements' });
    const heard = fact?.ok === true ? fact.value.announcements.filter((a) => HEARD.includes(a.type)) : [];
    const found = heard
      .sort((a, b) => HEARD.indexOf(a.type) - HEARD.indexOf(b.type))
      .flatMap((announced) => {
        const w = workloadAt(ctx.view, announced.resource);
        return w === undefined || announced.since === null ? [] : suspects(ctx, w, announced, Date.parse(announced.since));
      });
    // One change may have brought several things: it is blamed once.
    return found.filter(({ subject }, i) => found.findIndex((f) => refKey(f.subject) === refKey(subject)) === i);
  },
});

interface Suspect {
  readonly ref: ResourceRef;
  readonly change: Change;
  readonly at: number;
}

function suspects(ctx: Ctx, w: Workload, announced: Announcement, since: number): FindingDraft[] {
  const found = around(ctx, w).flatMap((object): Suspect[] => {
    const ref = refOf(object);
    const fact = ctx.ask({
      type: 'changes',
      resource: ref,
      revision: String(object.metadata.generation ?? object.metadata.resourceVersion),
    });
    const all = fact?.ok === true ? fact.value.changes : [];
    return all.flatMap((change): Suspect[] => {
      const at = Date.parse(change.at);
      const before = at <= since + SLACK_MS && since - at <= SUSPECT_MS;
      return before && change.type === 'changed' && change.fields.some(({ path }) => TELLS.test(path)) ? [{ ref, change, at }] : [];
    });
  });
  const [last] = found.sort((a, b) => b.at - a.at);
  if (last === undefined) {
    ctx.passed(w.ref, 'neither it, nor what it is configured by, nor what it calls was changed shortly before');
    return [];
  }
  return [blamed(w, announced, last, similar(ctx, announced))];
}

/** What runs, and what it is told: not how many of it there are, nor what a controller writes. */
const TELLS = /^(?:spec\.template\.|data\[|binaryData\[|stringData\[)/;

/** What may have made it worse: the workload, what it is configured by, and what stands behind the Services it calls. */
function around(ctx: Ctx, w: Workload): readonly KubeObject[] {
  const configs = configReferences(w).flatMap(({ kind, name }) => ctx.view.get(kind, w.namespace, name) ?? []);
  const objects = [w.object, ...configs, ...callees(ctx.view, w).map((other) => other.object)] as readonly KubeObject[];
  return [...new Map(objects.map((o) => [refKey(refOf(o)), o])).values()].slice(0, MOST_ASKED);
}

type Similar = Extract<ConsultationAnswer<'documentation.similarIncidents'>, { ok: true }>['value']['incidents'];

function similar(ctx: Ctx, { code, resource, message }: Announcement): Similar {
  const answer = ctx.consult('documentation.similarIncidents', {
    code,
    resource,
    symptoms: [code],
    words: message.slice(0, 4_000),
    top: 3,
  });
  return answer?.ok === true ? answer.value.incidents : [];
}

function blamed(
  w: Workload,
  { code, message, severity, since }: Announcement,
  { ref, change, at }: Suspect,
  before: Similar,
): FindingDraft {
  const own = refKey(ref) === refKey(w.ref);
  const [newest, ...earlier] = w.replicaSets;
  const revision = own && newest !== undefined ? revisionOf(newest) : 0;
  const back = own ? earlier.map(revisionOf).find((r) => r > 0 && r < revision) : undefined;
  const helped = before.flatMap((i) => i.plans.filter((p) => p.state === 'done').map((p) => `${p.title} (${i.id})`))[0];
  const who = change.by === null ? '' : ` by ${change.by.manager}`;
  return {
    subject: ref,
    affects: [w.ref, ...w.pods.map((pod) => refOf(pod))],
    message: `${ref.kind} ${ref.name} was changed${who} at ${change.at}${revision > 0 ? `, revision ${revision}` : ''} (${wordsOf(change)}), and since then: ${message}${helped === undefined ? '' : `; when it was like this before, this helped: ${helped}`}`,
    evidence: [
      { kind: 'change', resource: ref, text: change.summary, at: change.at, ...(change.by === null ? {} : { source: change.by.manager }) },
    ],
    confidence: own ? 0.85 : 0.75,
    severity,
    params: {
      changed: true,
      heard: code,
      at,
      ...(since === null ? {} : { since: Date.parse(since) }),
      ...(back === undefined ? {} : { earlier: back }),
    },
  };
}

const wordsOf = ({ fields, summary }: Change): string => fields[0]?.words ?? summary;
