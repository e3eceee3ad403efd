import { type CustomResourceFact, type KubeObject, type ResourceRef, isKind, KINDS, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { unwellBecause } from '../../../core/wellness.ts';
import { type Complaint, complaints, lastOfSeries, said } from '../custom-resource-complaints.ts';
import { count } from '../scheduling-evidence.ts';

type Crd = KubeObject<'CustomResourceDefinition'>;
interface Unwell {
  readonly crd: Crd;
  readonly fact: CustomResourceFact;
  readonly ref: ResourceRef;
  /** The one that tells most, and what else is said. */
  readonly complaint: Complaint;
  readonly others: readonly Complaint[];
}

/** A run that failed so long ago, and was never repeated, is history. */
const HISTORY_MS = 86_400_000;
/** Custom kinds that are read; clusters with more are clusters of many operators. */
const MOST_KINDS = 50;
/** So many objects of one kind with one reason have it in common: the controller, or what they all need. */
const MANY = 5;

/** What operators run their programs by. */
const RUN_BY = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
const NAMED = /\b([A-Z]\w+)\/([a-z0-9-]+)\/([a-z0-9][a-z0-9.-]*[a-z0-9])/g;

export const customResourceUnwell = defineCheck({
  code: 'CRX-001',
  title: 'A custom resource says that it is not well',
  severity: 'medium',
  role: 'cause',
  kinds: ['CustomResourceDefinition', 'Secret', 'Pod', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', ...RUN_BY],
  hypothesis: 'its own status says that it is not well',
  doc: `By convention the objects of operators carry conditions like those of Kubernetes: Ready, Available, Synced, Healthy, Reconciled, Installed
or Accepted should be True, Degraded, Failed, Stalled, NotReady and whatever ends in Error should not; or one word of the status (phase, state, health)
sums them up. Where they say otherwise for more than a minute about the object as it is now, their words are quoted: what they mean only
their operator knows. Of objects that own each other the innermost stands for the others, as does the one that another names in its words, or refers to in its spec (issuerRef, sourceRef);
many of one kind with the same words are one finding about the kind; where a workload that it runs or names is not ready, what explains that explains it. Of runs only the last of a series counts, for a day. Suspended
ones, and those on their way out, are left alone.`,
  run: (ctx) => {
    const kinds = readable(ctx.view.list('CustomResourceDefinition'));
    if (kinds.length > MOST_KINDS)
      ctx.missing(`objects of ${kinds.length - MOST_KINDS} custom kinds`, `of more than ${MOST_KINDS} kinds only the first are read`);
    const read = kinds.slice(0, MOST_KINDS).map((crd) => ({ crd, objects: objectsOf(ctx, crd) }));
    const unwell = read.flatMap(({ crd, objects }) => unwellOf(ctx, crd, objects));
    const above = ownership(read.flatMap((r) => r.objects));
    const owning = new Set(unwell.flatMap((u) => above(u.fact)));
    const innermost = unwell.filter((u) => u.fact.uid === '' || !owning.has(u.fact.uid));
    const named = namedBy(innermost);
    const causes = innermost.filter((u) => named.get(u) === undefined || named.get(named.get(u) ?? u) === u);
    const groups = new Map<string, Unwell[]>();
    for (const u of causes) {
      const key = JSON.stringify([u.crd.metadata.name, u.complaint.field, u.complaint.reason]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [u]);
      else known.push(u);
    }
    const byUid = new Map(unwell.map((u) => [u.fact.uid, u]));
    const naming = new Map<Unwell, Unwell[]>();
    for (const [by, u] of named) naming.set(u, [...(naming.get(u) ?? []), by]);
    const run = workloadsByOwner(ctx.view);
    return [...groups.values()].flatMap((group) => {
      const calls = judges(ctx, group[0]?.crd.spec.group ?? '');
      if (group.length >= MANY) return [{ ...ofKind(group), calls }];
      return group.map((u): FindingDraft => {
        const ownersOf = (o: Unwell) => above(o.fact).flatMap((uid) => byUid.get(uid) ?? []);
        const waiting = (naming.get(u) ?? []).flatMap((by) => [by, ...ownersOf(by)]);
        const waitsFor = workloadsOf(ctx.view, u, run);
        const draft = ofOne(u, ownersOf(u), waiting, ctx.view);
        return waitsFor.length === 0
          ? { ...draft, calls }
          : { ...draft, calls: [...calls, ...waitsFor], params: { ...draft.params, awaits: true } };
      });
    });
  },
});

type RunBy = KubeObject<(typeof RUN_BY)[number]>;

/** Workloads by the uids of those who own them. */
function workloadsByOwner(view: View<(typeof RUN_BY)[number]>): ReadonlyMap<string, readonly RunBy[]> {
  const all = new Map<string, RunBy[]>();
  for (const workload of RUN_BY.flatMap((kind): readonly RunBy[] => view.list(kind)))
    for (const { uid } of workload.metadata.ownerReferences) all.set(uid, [...(all.get(uid) ?? []), workload]);
  return all;
}

/** The workloads that it runs and that are not well, and those that its words name: what is wrong with them is wrong with it. */
function workloadsOf(
  view: View<(typeof RUN_BY)[number]>,
  { fact, complaint, others }: Unwell,
  run: ReadonlyMap<string, readonly RunBy[]>,
): ResourceRef[] {
  // A workload is judged by nothing but itself.
  const owned = (fact.uid === '' ? [] : (run.get(fact.uid) ?? [])).filter((w) => unwellBecause(refOf(w), view as View) !== undefined);
  const named = [complaint, ...others].flatMap(({ message }) =>
    [...message.matchAll(NAMED)].flatMap(([, word, namespace, name]) => {
      const kind = RUN_BY.find((k) => k === word);
      return kind === undefined ? [] : (view.get(kind, namespace, name ?? '') ?? []);
    }),
  );
  return [...new Set([...owned, ...named])].map(refOf);
}

/** The owners of an object, the nearest first, as far up as they are known. */
function ownership(all: readonly CustomResourceFact[]): (of: CustomResourceFact) => readonly string[] {
  const owner = new Map(all.flatMap((o) => (o.uid === '' || o.owner === undefined ? [] : [[o.uid, o.owner] as const])));
  return (of) => {
    const uids: string[] = [];
    for (let uid = of.owner; uid !== undefined && !uids.includes(uid); uid = owner.get(uid)) uids.push(uid);
    return uids;
  };
}

/** For each whose words are about another one, because they say its kind and its name, that other one: of several the last. Else one to which its spec refers. */
function namedBy(all: readonly Unwell[]): ReadonlyMap<Unwell, Unwell> {
  const byName = new Map<string, number[]>();
  for (const [i, { ref }] of all.entries()) byName.set(ref.name, [...(byName.get(ref.name) ?? []), i]);
  return new Map(
    all.flatMap((by) => {
      const tokens = new Set([by.complaint, ...by.others].flatMap(({ message }) => message.split(/[^\w.-]+/)));
      const others = [...tokens]
        .flatMap((token) => byName.get(token) ?? [])
        .filter((i) => all[i] !== by && tokens.has(all[i]?.ref.kind ?? ''));
      const referred = all.find((u) => u !== by && (by.fact.refs ?? []).some((ref) => refersTo(ref, by.ref.namespace, u.ref)));
      const last = all[Math.max(...others)] ?? referred;
      return last === undefined ? [] : [[by, last] as const];
    }),
  );
}

/** By kind and name; of the same namespace where none is written, or of none. */
const refersTo = (
  { kind, name, namespace }: NonNullable<CustomResourceFact['refs']>[number],
  from: string | undefined,
  to: ResourceRef,
): boolean => to.kind === kind && to.name === name && (to.namespace === undefined || to.namespace === (namespace ?? from));

/** Custom kinds that are served and whose objects say how they are; kinds with checks of their own are not read twice. */
function readable(all: readonly Crd[]): readonly Crd[] {
  return all.filter((crd) => {
    const { group, names } = crd.spec;
    const known = isKind(names.kind) && KINDS[names.kind].apiVersion.startsWith(`${group}/`);
    return !known && versionOf(crd) !== undefined && crd.status.conditions.some((c) => c.type === 'Established' && c.status === 'True');
  });
}

/** The version in which to ask: served, with a status, rather the one that is stored. */
function versionOf({ spec }: Crd): string | undefined {
  const fitting = spec.versions.filter(
    (v) => v.served === true && Object.values(v.schema?.openAPIV3Schema?.properties?.status?.properties ?? {}).some((p) => p !== undefined),
  );
  return (fitting.find((v) => v.storage === true) ?? fitting[0])?.name;
}

function objectsOf(ctx: CheckContext<'CustomResourceDefinition'>, crd: Crd): readonly CustomResourceFact[] {
  const version = versionOf(crd);
  if (version === undefined) return [];
  const { group, names: named } = crd.spec;
  const fact = ctx.ask({ type: 'customResources', group, version, plural: named.plural, kind: named.kind });
  if (fact?.ok !== true) return [];
  const { objects, truncated } = fact.value;
  if (truncated) ctx.missing(`${named.plural}.${group}`, `of more than ${objects.length} objects only the first are read`);
  return objects;
}

function unwellOf(ctx: CheckContext<'CustomResourceDefinition'>, crd: Crd, objects: readonly CustomResourceFact[]): Unwell[] {
  const last = lastOfSeries(objects);
  return objects.flatMap((fact): Unwell[] => {
    const ref: ResourceRef = {
      apiVersion: `${crd.spec.group}/${versionOf(crd) ?? ''}`,
      kind: crd.spec.names.kind,
      ...(fact.namespace === undefined ? {} : { namespace: fact.namespace }),
      name: fact.name,
      ...(fact.uid === '' ? {} : { uid: fact.uid }),
    };
    const [complaint, ...others] = complaints(fact, ctx.now);
    const isHistory = fact.over && (!last.has(fact) || ctx.now - Date.parse(fact.created ?? '') > HISTORY_MS);
    if (complaint !== undefined) return isHistory ? [] : [{ crd, fact, ref, complaint, others }];
    if (fact.conditions.length > 0 || fact.summary !== undefined) ctx.passed(ref, 'nothing in its status says so');
    return [];
  });
}

function ofOne(unwell: Unwell, owners: readonly Unwell[], waiting: readonly Unwell[], view: View<'Secret' | 'Pod'>): FindingDraft {
  const { ref, fact, complaint, others } = unwell;
  const above = [...owners, ...waiting];
  const lacking = [unwell, ...above].flatMap((u) => secretNotMade(u, view) ?? [])[0];
  const isMissing = lacking !== undefined && view.complete('Secret', lacking.namespace ?? '');
  const pods = view.list('Pod', ref.namespace).filter((p) => fact.uid !== '' && p.metadata.ownerReferences.some((o) => o.uid === fact.uid));
  const [top] = owners
    .map((o) => o.ref)
    .filter((o) => o.namespace === ref.namespace)
    .slice(-1);
  const [by] = waiting.map((o) => o.ref);
  const more = others.find((o) => o.message !== '' && o.message.length > complaint.message.length);
  return {
    subject: ref,
    field: complaint.field,
    affects: [...above.map((o) => o.ref), ...pods.map(refOf)],
    message: `its own status says that it is ${complaint.is}: ${said(complaint).slice(0, 300)}${more === undefined ? '' : `; ${more.is}: ${more.message.slice(0, 300)}`}${isMissing ? `, so Secret ${lacking.name}, which ${waiting.length > 0 && secretNotMade(unwell, view) === undefined ? 'comes of it' : 'it makes'}, does not exist` : ''}${top === undefined ? '' : `; it is a part of ${top.kind} ${top.name}`}${by === undefined ? '' : `; ${by.kind} ${by.name} waits for it`}`,
    evidence: [complaint, ...others].map((c) => ({
      kind: 'field',
      resource: ref,
      source: c.field,
      text: `${c.is}: ${said(c)}`,
      ...(c.at === undefined ? {} : { at: c.at }),
    })),
    confidence: 0.6,
    params: {
      ...(lacking === undefined ? {} : { makes: `Secret/${lacking.namespace ?? ''}/${lacking.name}` }),
      ...(fact.over ? { over: true } : {}),
      ...(top === undefined ? {} : { partOf: `${top.kind} ${top.name}` }),
    },
  };
}

/** Kinds that exist to make a Secret: certificates, and secrets that are kept elsewhere or sealed, which go by their own name. */
const MAKES_A_SECRET = /(?:Certificate|Secret)$/;

/** The Secret that it is to make, where none of that name is seen. */
function secretNotMade({ crd, fact, ref }: Unwell, view: View<'Secret'>): ResourceRef | undefined {
  const { kind } = crd.spec.names;
  const name = fact.secret ?? (kind.endsWith('Secret') ? fact.name : undefined);
  if (name === undefined || !MAKES_A_SECRET.test(kind) || ref.namespace === undefined) return undefined;
  return view.get('Secret', ref.namespace, name) === undefined
    ? { apiVersion: 'v1', kind: 'Secret', namespace: ref.namespace, name }
    : undefined;
}

function ofKind(group: readonly Unwell[]): FindingDraft {
  const [first] = group;
  if (first === undefined) throw new Error('a group has members');
  const { crd, complaint } = first;
  return {
    subject: refOf(crd),
    field: complaint.field,
    affects: group.map((u) => u.ref),
    message: `${count(group.length, 'object')} of kind ${crd.spec.names.kind} say that they are ${complaint.is}${complaint.reason === '' ? '' : ` (${complaint.reason})`}; what they have in common is their controller and what it needs`,
    evidence: group.slice(0, 3).map((u) => ({
      kind: 'field',
      resource: u.ref,
      source: u.complaint.field,
      text: `${u.ref.name}: ${u.complaint.is}: ${said(u.complaint)}`,
    })),
    confidence: 0.6,
  };
}

/** The Services of the webhooks without whose word nothing of the group can be written: its controller is stuck while they are away. */
function judges({ view }: CheckContext<'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration'>, group: string): ResourceRef[] {
  return [...view.list('ValidatingWebhookConfiguration'), ...view.list('MutatingWebhookConfiguration')].flatMap(({ webhooks }) =>
    webhooks.flatMap(({ clientConfig: { service }, failurePolicy, rules }): ResourceRef[] =>
      service == null ||
      failurePolicy === 'Ignore' ||
      !rules.some((r) => r.apiGroups.includes(group) && r.operations.some((o) => /^(?:CREATE|UPDATE|\*)$/.test(o)))
        ? []
        : [{ apiVersion: 'v1', kind: 'Service', namespace: service.namespace, name: service.name }],
    ),
  );
}
