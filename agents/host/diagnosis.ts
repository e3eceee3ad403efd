import { type ContextName, type Diagnosis, type Incident, type Outcome, type ResourceRef, namespaceOf, refKey } from '../contract/index.ts';
import type { ClusterCondition } from '../core/cluster-state.ts';
import { informationOf } from '../core/information.ts';
import { nearest } from '../core/nearest.ts';
import { plansOf } from '../core/rank-plans.ts';
import type { AppParts } from './app-parts.ts';
import { absentNamespace, findObject } from './objects/find-object.ts';
import { unexplainedByAny } from '../core/unexplained.ts';

export interface DiagnoseRequest {
  readonly context?: ContextName | undefined;
  readonly namespaces: readonly string[];
  readonly resource?: string | undefined;
  readonly plans: boolean;
  /** Also plans that are held back after they were rejected or failed. */
  readonly fresh?: boolean;
}

/** Finds incidents in one context now: connects, has the agents look, prepares plans, and says how long each took. */
export async function diagnoseContext(
  parts: Pick<AppParts, 'ports' | 'orchestrator' | 'book' | 'store'>,
  request: DiagnoseRequest,
): Promise<Outcome<Diagnosis>> {
  const { ports, orchestrator, book, store } = parts;
  const clock = () => performance.now();
  const begun = clock();
  const chosen = await chooseContext(parts, request.context);
  if (!chosen.ok) return chosen;
  const context = chosen.value;
  const connected = await orchestrator.connect(context);
  if (!connected.ok) return connected;
  const read = clock();
  let about: ResourceRef | undefined;
  const absent = request.resource === undefined ? await absentNamespace(ports.kube, context, request.namespaces) : undefined;
  if (absent !== undefined) return { ok: false, failure: absent };
  if (request.resource !== undefined) {
    const found = await findObject(ports.kube, context, request.resource, request.namespaces);
    if (!found.ok) return found;
    about = found.value;
  }
  const { unavailable, reports: answers } = await orchestrator.examine(context, about === undefined ? [] : [refKey(about)]);
  const examined = clock();
  const wanted = about === undefined ? undefined : book.kin(context, [about]);
  const concerns = (incident: Incident) =>
    inNamespaces(incident, request.namespaces) && (wanted === undefined || refsOf(incident).some((r) => wanted.has(refKey(r))));
  const concerning = book
    .work(context)
    .map((w) => w.incident)
    .filter(concerns);
  if (request.plans) await orchestrator.propose(context, request.fresh === true);
  const planned = clock();
  const plans = await store.plans();
  const reports = book.reports(context);
  const information = informationOf(context, reports, ports.clock.now());
  const scannedAt = new Date(ports.clock.now()).toISOString();
  const diagnosis: Diagnosis = {
    context,
    cluster: { uid: connected.value.uid },
    demo: ports.demo,
    namespaces: [...request.namespaces],
    scannedAt,
    durationMs: Math.round(planned - begun),
    timings: {
      read: Math.round(read - begun),
      checks: Math.round(examined - read),
      plans: Math.round(planned - examined),
      checksOnly: Math.round(Math.max(0, ...reports.map((r) => r.tookMs))),
    },
    objects: Math.max(0, ...reports.map((r) => r.objects)),
    incidents: [...concerning.filter((i) => i.dismissed === undefined), ...information.kept.filter(concerns)].map((incident) => ({
      ...incident,
      plans: request.plans ? plansOf(incident.id, plans) : [],
    })),
    dismissed: concerning.filter((i) => i.dismissed !== undefined),
    information: [...information.kept, ...information.more].filter(concerns),
    ...(about === undefined ? {} : { about: { resource: about, ruledOut: answers.flatMap((r) => r.ruledOut) } }),
    unexplained: unexplainedByAny(reports)
      .filter((u) => request.namespaces.length === 0 || request.namespaces.includes(u.resource.namespace ?? ''))
      .filter((u) => wanted === undefined || wanted.has(refKey(u.resource))),
    incomplete: [
      ...book.incomplete(context),
      ...notCurrent(orchestrator.states.get(context)),
      ...unavailable.map((f) => ({ what: 'the checks of an agent', because: f.message })),
    ],
  };
  await store.append([
    {
      type: 'diagnosis.completed',
      context,
      objects: diagnosis.objects,
      incidents: diagnosis.incidents.length,
      durationMs: diagnosis.durationMs,
    },
  ]);
  return { ok: true, value: diagnosis };
}

/** The context of that name, else of that alias; without one the current context. Near names are suggested. */
export async function chooseContext({ ports }: Pick<AppParts, 'ports'>, name: ContextName | undefined): Promise<Outcome<ContextName>> {
  const { contexts, problems } = await ports.kube.kubeconfig();
  const first = problems[0];
  if (contexts.length === 0)
    return {
      ok: false,
      failure:
        first === undefined
          ? {
              code: 'kubeconfig-missing',
              message: 'No kubeconfig was found.',
              hint: 'Set KUBECONFIG, pass --kubeconfig, or run npm start for the demo fleet.',
            }
          : first.failure,
    };
  if (name === undefined) {
    const current = contexts.find((c) => c.current) ?? (contexts.length === 1 ? contexts[0] : undefined);
    if (current !== undefined) return { ok: true, value: current.name };
    return {
      ok: false,
      failure: {
        code: 'context-unknown',
        message: 'No context is named and the kubeconfig has no current-context.',
        hint: `Pass --context; there are ${contexts
          .slice(0, 5)
          .map((c) => c.name)
          .join(', ')}${contexts.length > 5 ? ', …' : ''}.`,
      },
    };
  }
  if (contexts.some((c) => c.name === name)) return { ok: true, value: name };
  const [alias, another] = ports.marks.withAlias(name, contexts);
  if (alias !== undefined && another === undefined) return { ok: true, value: alias.name };
  if (alias !== undefined && another !== undefined)
    return {
      ok: false,
      failure: {
        code: 'context-unknown',
        message: `${name} is the alias of several contexts: ${alias.name}, ${another.name}.`,
        hint: 'Name one of them, or give one another alias.',
      },
    };
  const near = nearest(
    name,
    contexts.map((c) => c.name),
  );
  return {
    ok: false,
    failure: {
      code: 'context-unknown',
      message: `There is no context ${name}.`,
      hint: near === undefined ? 'quarterdeck contexts lists those there are.' : `Did you mean ${near}?`,
    },
  };
}

const refsOf = (i: Incident): ResourceRef[] => [i.rootCause.resource, ...i.symptoms.map((s) => s.resource), ...i.affects];

function inNamespaces(incident: Incident, namespaces: readonly string[]): boolean {
  return namespaces.length === 0 || refsOf(incident).some((r) => namespaces.includes(namespaceOf(r) ?? ''));
}

/** Kinds that were judged as they last were, because their watch is interrupted. */
function notCurrent({ stale, confirmedAt }: ClusterCondition): Diagnosis['incomplete'] {
  if (stale.length === 0 || confirmedAt === undefined) return [];
  const since = new Date(confirmedAt).toISOString();
  return [{ what: stale.join(', '), because: `the watch is interrupted: judged as known at ${since}` }];
}
