import { readdirSync } from 'node:fs';
import type { Incident, IncidentWithPlans } from '../../agents/contract/index.ts';
import { type Case, type Expectation, type FaultCase, isControl } from './case.ts';
import { isClusterScoped } from './cluster-client.ts';
import { type Condition, type RawObject, all, rolledOut } from './conditions.ts';
import { playWithLess } from './honesty.ts';
import { HEALTHY_MS, type Played, type Stage, identities } from './played.ts';
import { proposed, repair } from './repairing.ts';
import type { Script } from './script.ts';
import { playControl } from './silence.ts';

const VISIBLE_MS = 120_000;
/** The goal is two seconds; what comes later than this counts as not found. */
const FOUND_MS = 30_000;
/** What is applied shows to a watch so much later. */
const ARRIVING_MS = 1_000;

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
export async function play(script: Script, stage: Stage): Promise<Played> {
  const { client, run } = stage;
  const { case: c, objects, undo } = script;
  const namespace = `${script.namespace ?? `case-${c.id}`}-${run}`.slice(0, 63);
  const global = [...script.before, ...objects]
    .filter((o) => isClusterScoped(o.kind))
    .map(({ kind, metadata }) => ({ kind, metadata: { name: metadata.name.replaceAll('$(NAMESPACE)', namespace) } }));
  const of = { id: c.id, family: c.family, ...(script.says === undefined ? {} : { says: script.says }) };
  try {
    for (const { kind, metadata } of global) await client.delete(kind, metadata.name);
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, namespace);
    if (!isControl(c)) return { ...of, ...(await playFault(c, script, stage, namespace)) };
    await apply(objects, stage, namespace);
    return { ...of, ...(await playControl(c, stage, namespace)) };
  } catch (error) {
    return { ...of, failures: [error instanceof Error ? error.message : String(error)] };
  } finally {
    // What would keep the namespace from going is taken back first.
    await apply(undo, stage, namespace);
    const more = [...script.before, ...objects].filter((o) => o.kind === 'Namespace').map((o) => o.metadata.name);
    for (const name of new Set([namespace, ...more.map((n) => n.replace('$(NAMESPACE)', namespace))]))
      await client.delete('Namespace', name);
    for (const { kind, metadata } of global) await client.delete(kind, metadata.name);
  }
}

async function apply(objects: readonly RawObject[], { client }: Stage, namespace: string): Promise<void> {
  for (const object of objects) await client.apply(object, namespace);
}

const allRolledOut: Condition = (seen) => {
  const workloads = [...seen.list('Deployment'), ...seen.list('StatefulSet'), ...seen.list('DaemonSet')];
  return (
    workloads.length > 0 && workloads.every((w) => rolledOut(w.kind as 'Deployment' | 'StatefulSet' | 'DaemonSet', w.metadata.name)(seen))
  );
};

async function playFault(c: FaultCase, script: Script, stage: Stage, namespace: string): Promise<Played> {
  const { watcher, product } = stage;
  const failures: string[] = [];
  let stillOpen: ReadonlySet<string> = new Set();
  const foundMs = script.patienceMs ?? FOUND_MS;
  if (script.before.length > 0) {
    await apply(script.before, stage, namespace);
    if ((await watcher.until(namespace, allRolledOut, HEALTHY_MS)) === undefined)
      return { id: c.id, failures: ['the good state before the fault was not reached'] };
  }
  await apply(script.objects, stage, namespace);
  const applied = Date.now();
  const visibleAt = await watcher.until(namespace, c.visible, VISIBLE_MS);
  if (visibleAt === undefined) return { id: c.id, failures: ['the fault never showed'] };

  const isIt = fits(c.expect);
  const also = (c.also ?? []).map((expect) => ({ expect, is: fits(expect) }));
  const areOpen = () => [isIt, ...also.map((a) => a.is)].every((is) => product.opened(namespace).some((o) => is(o.incident)));
  await watcher.until(namespace, areOpen, foundMs);
  const opened = product.opened(namespace).find((o) => isIt(o.incident));
  // What was said while half of the objects were there, and is no longer said, was true then.
  const others = () =>
    product
      .opened(namespace)
      .filter(
        (o) => !isIt(o.incident) && !also.some((a) => a.is(o.incident)) && (o.at > applied + ARRIVING_MS || stillOpen.has(o.incident.id)),
      )
      .map((o) => `${o.incident.rootCause.code} ${o.incident.title}`);
  if (stage.rights !== 'all') return playWithLess(c, stage, namespace);
  if (opened === undefined)
    return { id: c.id, found: false, failures: [`not found within ${foundMs / 1000} s; said: ${others().join(' | ') || 'nothing'}`] };

  const incident = (await product.incidents(namespace)).find(isIt);
  if (incident === undefined) return { id: c.id, found: false, failures: ['the incident was opened and is gone again'] };
  failures.push(...lacks(incident, c.expect));
  for (const { expect, is } of also) {
    const other = (await product.incidents(namespace)).find(is);
    failures.push(...(other === undefined ? [`says nothing of ${expect.kind} ${expect.name}`] : lacks(other, expect)));
  }
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
  if (c.proposes !== undefined) {
    if (!(await proposed(c.proposes, stage, namespace, isIt))) failures.push(`proposes no plan ${c.proposes.join()}`);
  } else if (c.repair === null) failures.push(...lacksAdvice(incident, c.advice ?? []));
  else if (stage.repair) outcome = await repair(c.repair, c, stage, namespace, isIt, failures);
  stillOpen = new Set((await product.incidents(namespace)).map((i) => i.id));
  const more = others();
  if (more.length > 0) failures.push(`more than one incident: ${more.join(' | ')}`);
  const same = before === identities(c, watcher.snapshot(namespace));
  if (!same) failures.push('a bystander was changed');
  return { ...base, ...outcome, one: more.length === 0, bystanders: same, failures };
}

const fits =
  ({ codes, kind, name }: Expectation) =>
  ({ rootCause: { code, resource } }: Pick<Incident, 'rootCause'>): boolean =>
    codes.includes(code) && resource.kind === kind && resource.name === name;

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
