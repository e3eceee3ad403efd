import { type CustomResourceFact, type KubeObject, type ResourceRef, isKind, KINDS, refOf } from '../../../contract/index.ts';
import { type CheckContext, type FindingDraft, defineCheck } from '../../../core/agent.ts';
import type { View } from '../../../core/view.ts';
import { count } from '../scheduling-evidence.ts';

type Condition = CustomResourceFact['conditions'][number];
type Crd = KubeObject<'CustomResourceDefinition'>;
interface Unwell {
  readonly crd: Crd;
  readonly fact: CustomResourceFact;
  readonly condition: Condition;
  readonly ref: ResourceRef;
}

/** A condition changes while a controller works; what stays so for a minute is no step on the way. */
const GRACE_MS = 60_000;
/** Where the reason says that it is being worked on, it is given longer. */
const WORKING_MS = 600_000;
const WORKING = /progress|pending|creat|initiali[sz]|provision|waiting|reconciling|deploying|upgrading|bootstrapping/i;
/** Custom kinds that are read; clusters with more are clusters of many operators. */
const MOST_KINDS = 50;
/** So many objects of one kind with one reason have it in common: the controller, or what they all need. */
const MANY = 5;

const WELL_IF_TRUE = new Set(['Ready', 'Available', 'Synced', 'Healthy']);
const UNWELL_IF_TRUE = new Set(['Degraded', 'Failed', 'Stalled']);

export const customResourceUnwell = defineCheck({
  code: 'CRX-001',
  title: 'A custom resource says that it is not well',
  severity: 'medium',
  role: 'cause',
  kinds: ['CustomResourceDefinition', 'Secret', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  hypothesis: 'its own conditions say that it is not well',
  doc: `By convention the objects of operators carry conditions like those of Kubernetes: Ready, Available, Synced or Healthy should be True,
Degraded, Failed or Stalled should not. Where one says otherwise for more than a minute about the object as it is now, its words are
quoted: what they mean only its operator knows. Of objects that own each other the innermost stands for the others; many of one kind with
the same words are one finding about the kind. Suspended ones, and those on their way out, are left alone.`,
  run: (ctx) => {
    const kinds = readable(ctx.view.list('CustomResourceDefinition'));
    if (kinds.length > MOST_KINDS)
      ctx.missing(`objects of ${kinds.length - MOST_KINDS} custom kinds`, `of more than ${MOST_KINDS} kinds only the first are read`);
    const unwell = kinds.slice(0, MOST_KINDS).flatMap((crd) => unwellOf(ctx, crd));
    const owned = new Map(unwell.flatMap((u) => (u.fact.owner === undefined ? [] : [[u.fact.owner, u] as const])));
    const innermost = unwell.filter((u) => u.fact.uid === '' || !owned.has(u.fact.uid));
    const groups = new Map<string, Unwell[]>();
    for (const u of innermost) {
      const key = JSON.stringify([u.crd.metadata.name, u.condition.type, u.condition.reason]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [u]);
      else known.push(u);
    }
    const byUid = new Map(unwell.map((u) => [u.fact.uid, u]));
    return [...groups.values()].flatMap((group) => {
      const calls = judges(ctx, group[0]?.crd.spec.group ?? '');
      const drafts = group.length >= MANY ? [ofKind(group)] : group.map((u) => ofOne(u, ownersOf(u, byUid), ctx.view));
      return drafts.map((draft): FindingDraft => ({ ...draft, calls }));
    });
  },
});

/** Custom kinds that are served and whose objects have conditions; kinds with checks of their own are not read twice. */
function readable(all: readonly Crd[]): readonly Crd[] {
  return all.filter((crd) => {
    const { group, names } = crd.spec;
    const known = isKind(names.kind) && KINDS[names.kind].apiVersion.startsWith(`${group}/`);
    return !known && versionOf(crd) !== undefined && crd.status.conditions.some((c) => c.type === 'Established' && c.status === 'True');
  });
}

/** The version in which to ask: served, with conditions, rather the one that is stored. */
function versionOf({ spec }: Crd): string | undefined {
  const fitting = spec.versions.filter(
    (v) => v.served === true && v.schema?.openAPIV3Schema?.properties?.status?.properties?.conditions !== undefined,
  );
  return (fitting.find((v) => v.storage === true) ?? fitting[0])?.name;
}

function unwellOf(ctx: CheckContext<'CustomResourceDefinition'>, crd: Crd): Unwell[] {
  const version = versionOf(crd);
  if (version === undefined) return [];
  const { group, names } = crd.spec;
  const fact = ctx.ask({ type: 'customResources', group, version, plural: names.plural, kind: names.kind });
  if (fact?.ok !== true) return [];
  const { objects, truncated } = fact.value;
  if (truncated) ctx.missing(`${names.plural}.${group}`, `of more than ${objects.length} objects only the first are read`);
  return objects.flatMap((object): Unwell[] => {
    const ref: ResourceRef = {
      apiVersion: `${group}/${version}`,
      kind: names.kind,
      ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
      name: object.name,
      ...(object.uid === '' ? {} : { uid: object.uid }),
    };
    const condition = badCondition(object, ctx.now);
    if (condition !== undefined) return [{ crd, fact: object, condition, ref }];
    if (object.conditions.length > 0) ctx.passed(ref, 'none of its conditions says so');
    return [];
  });
}

/** The condition that tells most: one that says what failed before one that says that it is not ready. */
function badCondition(object: CustomResourceFact, now: number): Condition | undefined {
  const { generation = 0, observedGeneration, suspended, leaving } = object;
  if (suspended || leaving || (observedGeneration !== undefined && observedGeneration < generation)) return undefined;
  const bad = object.conditions.filter(
    (c) =>
      ((WELL_IF_TRUE.has(c.type) && c.status === 'False') || (UNWELL_IF_TRUE.has(c.type) && c.status === 'True')) &&
      (c.observedGeneration ?? generation) >= generation &&
      now - Date.parse(c.at ?? '') >= (WORKING.test(c.reason) ? WORKING_MS : GRACE_MS),
  );
  return bad.find((c) => UNWELL_IF_TRUE.has(c.type)) ?? bad[0];
}

const words = ({ type, status }: Condition) => (UNWELL_IF_TRUE.has(type) ? type : `not ${type}${status === 'False' ? '' : ` (${status})`}`);
const said = ({ reason, message }: Condition) => [reason, message].filter((s) => s !== '').join(': ') || 'it does not say why';

function ofOne(unwell: Unwell, above: readonly Unwell[], view: View<'Secret'>): FindingDraft {
  const { ref, condition } = unwell;
  const { type, status } = condition;
  const owners = above.map((o) => o.ref);
  const lacking = [unwell, ...above].flatMap((u) => secretNotMade(u, view) ?? [])[0];
  return {
    subject: ref,
    field: `status.conditions[type=${type}]`,
    affects: owners,
    message: `its own status says that it is ${words(condition)}: ${said(condition).slice(0, 300)}${lacking === undefined ? '' : `, so Secret ${lacking.name}, which it makes, does not exist`}`,
    evidence: [
      {
        kind: 'field',
        resource: ref,
        source: `status.conditions[type=${type}]`,
        text: `${type}=${status}: ${said(condition)}`,
        ...(condition.at === undefined ? {} : { at: condition.at }),
      },
    ],
    confidence: 0.6,
    ...(lacking === undefined ? {} : { params: { makes: `Secret/${lacking.namespace ?? ''}/${lacking.name}` } }),
  };
}

/** Kinds that exist to make a Secret: certificates, and secrets that are kept elsewhere or sealed, which go by their own name. */
const MAKES_A_SECRET = /(?:Certificate|Secret)$/;

/** The Secret that it is to make and that is not there. */
function secretNotMade({ crd, fact, ref }: Unwell, view: View<'Secret'>): ResourceRef | undefined {
  const { kind } = crd.spec.names;
  const name = fact.secret ?? (kind.endsWith('Secret') ? fact.name : undefined);
  if (name === undefined || !MAKES_A_SECRET.test(kind) || ref.namespace === undefined || !view.complete('Secret', ref.namespace))
    return undefined;
  return view.get('Secret', ref.namespace, name) === undefined
    ? { apiVersion: 'v1', kind: 'Secret', namespace: ref.namespace, name }
    : undefined;
}

function ofKind(group: readonly Unwell[]): FindingDraft {
  const [first] = group;
  if (first === undefined) throw new Error('a group has members');
  const { crd, condition } = first;
  return {
    subject: refOf(crd),
    field: `status.conditions[type=${condition.type}]`,
    affects: group.map((u) => u.ref),
    message: `${count(group.length, 'object')} of kind ${crd.spec.names.kind} say that they are ${words(condition)}${condition.reason === '' ? '' : ` (${condition.reason})`}; what they have in common is their controller and what it needs`,
    evidence: group.slice(0, 3).map((u) => ({
      kind: 'field',
      resource: u.ref,
      source: `status.conditions[type=${u.condition.type}]`,
      text: `${u.ref.name}: ${u.condition.type}=${u.condition.status}: ${said(u.condition)}`,
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

/** The objects that it belongs to and that are not well because of it, as far up as they own each other. */
function ownersOf({ fact }: Unwell, byUid: ReadonlyMap<string, Unwell>): Unwell[] {
  const owners: Unwell[] = [];
  const seen = new Set<string>();
  for (let uid = fact.owner; uid !== undefined && !seen.has(uid);) {
    seen.add(uid);
    const owner = byUid.get(uid);
    if (owner !== undefined) owners.push(owner);
    uid = owner?.fact.owner;
  }
  return owners;
}
