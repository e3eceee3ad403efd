import {
  type ContextName,
  type Diagnosis,
  type Incident,
  type Outcome,
  type ResourceRef,
  isKind,
  KINDS,
  refKey,
} from '../contract/index.ts';
import type { ClusterCondition } from '../core/cluster-state.ts';
import { nearest } from '../core/nearest.ts';
import { type AppParts, plansOf } from './app-parts.ts';
import { kindOfWord } from './kind-words.ts';

export interface DiagnoseRequest {
  readonly context?: ContextName | undefined;
  readonly namespaces: readonly string[];
  readonly resource?: string | undefined;
  readonly plans: boolean;
  /** Also plans that are held back after they were rejected or failed. */
  readonly fresh?: boolean;
}

/** Finds incidents in one context now: connects, has the agents look, prepares plans, and says how long each took. */
export async function diagnoseContext(parts: AppParts, request: DiagnoseRequest): Promise<Outcome<Diagnosis>> {
  const { ports, orchestrator, book, store } = parts;
  const clock = () => performance.now();
  const begun = clock();
  const chosen = await chooseContext(parts, request.context);
  if (!chosen.ok) return chosen;
  const context = chosen.value;
  const connected = await orchestrator.connect(context);
  if (!connected.ok) return connected;
  const read = clock();
  const { unavailable } = await orchestrator.examine(context);
  const examined = clock();

  let wanted: ReadonlySet<string> | undefined;
  if (request.resource !== undefined) {
    const refs = await findObject(parts, context, request.resource, request.namespaces);
    if (!refs.ok) return refs;
    wanted = book.kin(context, refs.value);
  }
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
    incidents: concerning
      .filter((i) => i.dismissed === undefined)
      .map((incident) => ({ ...incident, plans: request.plans ? plansOf(incident.id, plans) : [] })),
    dismissed: concerning.filter((i) => i.dismissed !== undefined),
    unexplained: reports
      .flatMap((r) => r.unexplained)
      .filter((u) => request.namespaces.length === 0 || request.namespaces.includes(u.resource.namespace ?? '')),
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
  return namespaces.length === 0 || refsOf(incident).some((r) => r.namespace !== undefined && namespaces.includes(r.namespace));
}

/** The objects that KIND/NAME may mean. None is an answer too: it says so, with near names. */
async function findObject(
  { ports }: AppParts,
  context: ContextName,
  words: string,
  namespaces: readonly string[],
): Promise<Outcome<ResourceRef[]>> {
  const [word = '', name = ''] = words.split('/');
  const kind = kindOfWord(word);
  if (kind === undefined || !isKind(kind)) {
    const near = nearest(
      word.toLowerCase(),
      Object.values(KINDS).map((k) => k.resource),
    );
    return {
      ok: false,
      failure: {
        code: 'bad-input',
        message: `Quarterdeck does not know the kind "${word}".`,
        hint: near === undefined ? 'Use a kind as kubectl names it, for example deployment/checkout.' : `Did you mean ${near}/${name}?`,
      },
    };
  }
  const { apiVersion, resource } = KINDS[kind];
  const listed = await ports.kube.get(context, `${apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`}/${resource}`);
  if (!listed.ok) return listed;
  const items = (listed.value as { items?: { metadata: { name: string; namespace?: string } }[] }).items ?? [];
  const scoped = items.filter(
    (i) => namespaces.length === 0 || i.metadata.namespace === undefined || namespaces.includes(i.metadata.namespace),
  );
  const refs = scoped
    .filter((i) => i.metadata.name === name)
    .map((i) => ({ apiVersion, kind, name, ...(i.metadata.namespace === undefined ? {} : { namespace: i.metadata.namespace }) }));
  if (refs.length > 0) return { ok: true, value: refs };
  const elsewhere = items.find((i) => i.metadata.name === name)?.metadata.namespace;
  const near = nearest(
    name,
    scoped.map((i) => i.metadata.name),
  );
  return {
    ok: false,
    failure: {
      code: 'not-found',
      message: `There is no ${kind} ${name}${namespaces.length > 0 ? ` in ${namespaces.join(', ')}` : ''}.`,
      hint:
        elsewhere !== undefined
          ? `There is one in the namespace ${elsewhere}.`
          : near === undefined
            ? `The context is ${context}; ${scoped.length} ${resource} were looked at.`
            : `Did you mean ${kind.toLowerCase()}/${near}?`,
    },
  };
}

/** Kinds that were judged as they last were, because their watch is interrupted. */
function notCurrent({ stale, confirmedAt }: ClusterCondition): Diagnosis['incomplete'] {
  if (stale.length === 0 || confirmedAt === undefined) return [];
  const since = new Date(confirmedAt).toISOString();
  return [{ what: stale.join(', '), because: `the watch is interrupted: judged as known at ${since}` }];
}
