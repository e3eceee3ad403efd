import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IncidentWithPlans, Plan } from '../../agents/contract/index.ts';
import { type Case, type ControlCase, type Expectation, type FaultCase, type Question, type Repair, isControl } from './case.ts';
import { type ClusterClient, isClusterScoped, objectsOf } from './cluster-client.ts';
import { type Condition, type Snapshot, all, rolledOut } from './conditions.ts';
import type { Product } from './product.ts';
import type { Watcher } from './watcher.ts';

/** What came out of one case; `failures` is empty where everything was as expected. */
export interface Played {
  readonly id: string;
  readonly failures: readonly string[];
  /** Code and object of the incident. */
  readonly cause?: string;
  /** Seconds from visible to the incident in the event log; negative where it was foreseen. */
  readonly seconds?: number;
  readonly plan?: string;
  readonly verifiedSeconds?: number;
  readonly bystanders?: boolean;
  readonly found?: boolean;
  readonly one?: boolean;
  readonly repaired?: boolean;
}

export interface Stage {
  readonly client: ClusterClient;
  readonly watcher: Watcher;
  readonly product: Product;
  readonly repair: boolean;
  /** Tells runs on one cluster apart. */
  readonly run: string;
}

const HEALTHY_MS = 120_000;
const VISIBLE_MS = 120_000;
/** The goal is two seconds; what comes later than this counts as not found. */
const FOUND_MS = 30_000;
const PLAN_MS = 20_000;
const SETTLE_S = 180;
const STABLE_MS = 10_000;
/** A control must be left alone for this long after everything is as it is meant to be. */
const SILENT_MS = 30_000;

export async function loadCases(): Promise<readonly Case[]> {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((e) => e.isDirectory() && /^\d\d-/.test(e.name))
    .map((e) => e.name)
    .sort();
  return Promise.all(
    folders.map(async (name) => {
      const { CASE } = (await import(`./${name}/case.ts`)) as { CASE: Case };
      if (CASE.id !== name) throw new Error(`test/cases/${name}/case.ts says it is ${CASE.id}.`);
      return CASE;
    }),
  );
}

/** Plays one case in a namespace of its own, which is deleted at the end. */
export async function play(c: Case, stage: Stage): Promise<Played> {
  const { client, run } = stage;
  const namespace = `case-${c.id}-${run}`.slice(0, 63);
  const files = ['before.yaml', 'objects.yaml'].map((f) => join(import.meta.dirname, c.id, f)).filter(existsSync);
  const global = files.flatMap(objectsOf).filter((o) => isClusterScoped(o.kind));
  try {
    for (const { kind, metadata } of global) await client.delete(kind, metadata.name);
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, namespace);
    return isControl(c) ? await playControl(c, stage, namespace) : await playFault(c, stage, namespace);
  } catch (error) {
    return { id: c.id, failures: [error instanceof Error ? error.message : String(error)] };
  } finally {
    // What would keep the namespace from going is taken back first.
    if (existsSync(join(import.meta.dirname, c.id, 'undo.yaml'))) await applyFile(c, 'undo.yaml', stage, namespace);
    await client.delete('Namespace', namespace);
    for (const { kind, metadata } of global) await client.delete(kind, metadata.name);
  }
}

async function applyFile(c: Case, file: string, { client }: Stage, namespace: string): Promise<void> {
  for (const object of objectsOf(join(import.meta.dirname, c.id, file))) await client.apply(object, namespace);
}

const allRolledOut: Condition = (seen) => {
  const workloads = [...seen.list('Deployment'), ...seen.list('StatefulSet')];
  return workloads.length > 0 && workloads.every((w) => rolledOut(w.kind as 'Deployment' | 'StatefulSet', w.metadata.name)(seen));
};

/** uid and spec of the bystanders; what must not change. */
function identities(c: Case, seen: Snapshot): Record<string, string> {
  return Object.fromEntries(
    c.bystanders.map(({ kind, name }) => {
      const object = seen.get(kind, name);
      return [`${kind}/${name}`, JSON.stringify([object?.metadata.uid, object?.['spec']])];
    }),
  );
}

async function playControl(c: ControlCase, { watcher, product, ...stage }: Stage, namespace: string): Promise<Played> {
  await applyFile(c, 'objects.yaml', { ...stage, watcher, product }, namespace);
  const settled = await watcher.until(namespace, c.settled, HEALTHY_MS);
  if (settled === undefined) return { id: c.id, failures: ['it never became what it was meant to be'] };
  const before = identities(c, watcher.snapshot(namespace));
  await watcher.holds(namespace, () => true, SILENT_MS);
  const late = product.opened(namespace).filter((o) => o.at >= settled);
  const open = (await product.incidents(namespace)).filter((i) => !late.some((o) => o.incident.id === i.id));
  const said = [...late.map((o) => o.incident), ...open];
  const same = JSON.stringify(before) === JSON.stringify(identities(c, watcher.snapshot(namespace)));
  return {
    id: c.id,
    found: said.length === 0,
    bystanders: same,
    failures: [
      ...said.map((i) => `said ${i.rootCause.code}: ${i.title}`),
      ...(same ? [] : ['an object of the control was changed']),
      ...(await Promise.all((c.asks ?? []).map((question) => lacksAnswer(question, product, namespace)))).flat(),
    ],
  };
}

/** What the answer to a question does not say, or says though it should not. */
async function lacksAnswer(
  { resource, namespaces, refused, says, saysNot = [] }: Question,
  product: Product,
  namespace: string,
): Promise<string[]> {
  const words = `asked about ${resource ?? 'the namespace'}`;
  const body = { namespaces: namespaces ?? [namespace], ...(resource === undefined ? {} : { resource }) };
  const answer = await product.call('POST', '/diagnosis', body).then(
    (diagnosis) => ({ refused: false, text: JSON.stringify(diagnosis) }),
    (error: unknown) => ({ refused: true, text: error instanceof Error ? error.message : String(error) }),
  );
  const inside = (text: string) => answer.text.includes(text.replaceAll('$(NAMESPACE)', namespace));
  return [
    ...(answer.refused === refused ? [] : [`${words}, it ${answer.refused ? 'refused' : 'answered'}: ${answer.text.slice(0, 300)}`]),
    ...says.filter((text) => !inside(text)).map((text) => `${words}, it does not say "${text}": ${answer.text.slice(0, 300)}`),
    ...saysNot.filter(inside).map((text) => `${words}, it says "${text}"`),
  ];
}

async function playFault(c: FaultCase, stage: Stage, namespace: string): Promise<Played> {
  const { watcher, product } = stage;
  const failures: string[] = [];
  const hasBefore = existsSync(join(import.meta.dirname, c.id, 'before.yaml'));
  if (hasBefore) {
    await applyFile(c, 'before.yaml', stage, namespace);
    if ((await watcher.until(namespace, allRolledOut, HEALTHY_MS)) === undefined)
      return { id: c.id, failures: ['the good state before the fault was not reached'] };
  }
  await applyFile(c, 'objects.yaml', stage, namespace);
  const visibleAt = await watcher.until(namespace, c.visible, VISIBLE_MS);
  if (visibleAt === undefined) return { id: c.id, failures: ['the fault never showed'] };

  const isIt = (i: { rootCause: { code: string; resource: { kind: string; name: string } } }) =>
    c.expect.codes.includes(i.rootCause.code) && i.rootCause.resource.kind === c.expect.kind && i.rootCause.resource.name === c.expect.name;
  await watcher.until(namespace, () => product.opened(namespace).some((o) => isIt(o.incident)), FOUND_MS);
  const opened = product.opened(namespace).find((o) => isIt(o.incident));
  const others = () =>
    product
      .opened(namespace)
      .filter((o) => !isIt(o.incident))
      .map((o) => `${o.incident.rootCause.code} ${o.incident.title}`);
  if (opened === undefined)
    return { id: c.id, found: false, failures: [`not found within ${FOUND_MS / 1000} s; said: ${others().join(' | ') || 'nothing'}`] };

  const incident = (await product.incidents(namespace)).find(isIt);
  if (incident === undefined) return { id: c.id, found: false, failures: ['the incident was opened and is gone again'] };
  failures.push(...lacks(incident, c.expect));
  const found = failures.length === 0;
  const bystandersReady = all(...c.bystanders.map(({ kind, name }) => rolledOut(kind as 'Deployment', name)));
  await watcher.until(namespace, bystandersReady, HEALTHY_MS);
  const before = identities(c, watcher.snapshot(namespace));
  const base = {
    id: c.id,
    cause: `${incident.rootCause.code} ${incident.rootCause.resource.kind}/${incident.rootCause.resource.name}`,
    seconds: (opened.at - visibleAt) / 1000,
    found,
  };

  let outcome: Pick<Played, 'plan' | 'repaired' | 'verifiedSeconds'> = {};
  if (c.repair === null) failures.push(...lacksAdvice(incident, c.advice ?? []));
  else if (stage.repair) outcome = await repair(c.repair, c, stage, namespace, isIt, failures);
  const more = others();
  if (more.length > 0) failures.push(`more than one incident: ${more.join(' | ')}`);
  const same = JSON.stringify(before) === JSON.stringify(identities(c, watcher.snapshot(namespace)));
  if (!same) failures.push('a bystander was changed');
  return { ...base, ...outcome, one: more.length === 0, bystanders: same, failures };
}

/** What of the expectation the incident does not say. */
function lacks(incident: IncidentWithPlans, expect: Expectation): string[] {
  const text = [incident.title, incident.rootCause.message, ...incident.evidence.map((e) => e.text)].join('\n');
  return [
    ...expect.mentions.filter((m) => !text.includes(m)).map((m) => `does not mention "${m}"`),
    ...(expect.field === undefined || expect.field === incident.rootCause.field
      ? []
      : [`names the field ${incident.rootCause.field ?? '(none)'}, not ${expect.field}`]),
  ];
}

function lacksAdvice(incident: IncidentWithPlans, words: readonly string[]): string[] {
  const plans = incident.plans.filter((p) => p.state === 'awaitingApproval');
  return [
    ...(incident.advice === undefined ? ['gives no advice'] : []),
    ...words.filter((w) => incident.advice?.includes(w) !== true).map((w) => `its advice does not mention "${w}"`),
    ...plans.map((p) => `proposes "${p.title}", though no honest plan exists`),
  ];
}

async function repair(
  wanted: Repair,
  c: FaultCase,
  { watcher, product }: Stage,
  namespace: string,
  isIt: (i: IncidentWithPlans) => boolean,
  failures: string[],
): Promise<Pick<Played, 'plan' | 'repaired' | 'verifiedSeconds'>> {
  const types = wanted.actions.join();
  let plans: readonly Plan[] = [];
  const fitting = () => plans.find((p) => p.state === 'awaitingApproval' && p.actions.map((a) => a.type).join() === types);
  const deadline = Date.now() + PLAN_MS;
  while (fitting() === undefined && Date.now() < deadline) {
    plans = (await product.incidents(namespace)).find(isIt)?.plans ?? [];
    if (fitting() === undefined) await new Promise((go) => setTimeout(go, 300));
  }
  const plan = fitting();
  if (plan === undefined) {
    const seen = plans.map((p) => `${p.actions.map((a) => a.type).join('+')} ${p.state}${p.reason === undefined ? '' : `: ${p.reason}`}`);
    failures.push(`no plan ${types} to approve; there were: ${seen.join(' | ') || 'none'}`);
    return { repaired: false };
  }
  const risks = ['low', 'medium', 'high', 'destructive'];
  if (risks.indexOf(plan.risk) > risks.indexOf(wanted.maxRisk))
    failures.push(`the plan's risk is ${plan.risk}, more than ${wanted.maxRisk}`);
  const begun = Date.now();
  await product.approve(plan);
  const end = await product.settled(plan, SETTLE_S);
  const verifiedSeconds = (Date.now() - begun) / 1000;
  const said = { plan: `${types} (${plan.risk})`, verifiedSeconds };
  if (end.state !== 'done') {
    failures.push(`the plan ended ${end.state}: ${end.reason ?? end.failure?.message ?? ''}`);
    return { ...said, repaired: false };
  }
  const good = await watcher.until(namespace, wanted.after, STABLE_MS);
  const stable = good !== undefined && (await watcher.holds(namespace, wanted.after, STABLE_MS));
  if (!stable)
    failures.push(good === undefined ? `${c.id} is not as it should be after the repair` : 'the repair did not last ten seconds');
  return { ...said, repaired: stable };
}
