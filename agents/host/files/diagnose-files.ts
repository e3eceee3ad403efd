import {
  type ConsultationAnswer,
  type Diagnosis,
  type Fact,
  type Incident,
  type Incomplete,
  type Json,
  type Outcome,
  type Report,
  type ResourceRef,
  consultationKey,
  fingerprint,
  namespaceOf,
  objectKey,
  probeKey,
  refKey,
  refWords,
} from '../../contract/index.ts';
import { type Agent, kindsOf } from '../../core/agent.ts';
import { diagnose } from '../../core/diagnose.ts';
import { foldIncidents } from '../../core/incident.ts';
import { informationOf, isInformation } from '../../core/information.ts';
import { managersOf } from '../../core/managed-by.ts';
import { ObjectStore } from '../../core/view.ts';
import { fileFacts } from './file-facts.ts';
import { ObjectPile } from './object-pile.ts';
import type { SourceFile, Trouble } from './sources.ts';
import { unexplainedByAny } from '../../core/unexplained.ts';

export interface FilesRequest {
  /** What was given, in words: the name of the diagnosis. */
  readonly name: string;
  readonly namespaces: readonly string[];
  /** The objects a person asks about; all where it is left out. */
  readonly about?: (pile: ObjectPile) => Outcome<readonly ResourceRef[]>;
}

/** Wishes beget wishes; checks that never stop asking are cut off here. */
const MOST_ROUNDS = 12;
/** A dump that was written at most so long after the newest thing in it was written when it was made. Milliseconds. */
const FRESH_MS = 3_600_000;
/** Else it was made soon after that thing. */
const SOON_MS = 300_000;

/** What the checks of all agents say about files. Nothing else is read, and nothing is asked of any cluster. */
export async function diagnoseFiles(
  agents: readonly Agent[],
  files: AsyncIterable<SourceFile>,
  { name, namespaces, about }: FilesRequest,
  { now, elapsed, troubles }: { readonly now: number; readonly elapsed: () => number; readonly troubles: readonly Trouble[] },
): Promise<Outcome<Diagnosis>> {
  const begun = elapsed();
  const pile = new ObjectPile(namespaces[0] ?? 'default', now);
  for await (const file of files) await pile.take(file);
  const found = pile.objects.size + pile.others.length;
  const unreadable = [...troubles, ...pile.allTroubles()];
  if (found === 0) return { ok: false, failure: nothingIn(name, unreadable) };
  const wanted = about?.(pile);
  if (wanted?.ok === false) return wanted;
  const read = elapsed();
  const at = momentOf(pile, now);
  const keys = wanted === undefined ? undefined : new Set(wanted.value.map(refKey));
  const reports = agents.map((agent) => examine(checksOf(agent, pile), pile, name, at, keys));
  const information = informationOf(name, reports, at);
  const incidents = fold(name, reports, at).map((incident) => withManager(incident, pile, at));
  const meant = wanted === undefined ? undefined : kin(reports, wanted.value);
  const concerns = (i: Incident) =>
    refsOf(i).some((r) => namespaces.length === 0 || namespaces.includes(namespaceOf(r) ?? '')) &&
    (meant === undefined || refsOf(i).some((r) => meant.has(refKey(r))));
  const done = elapsed();
  return {
    ok: true,
    value: {
      context: name,
      cluster: { uid: '' },
      demo: false,
      namespaces: [...namespaces],
      scannedAt: new Date(at).toISOString(),
      durationMs: Math.round(done - begun),
      timings: { read: Math.round(read - begun), checks: Math.round(done - read) },
      objects: found,
      incidents: [...incidents, ...information.kept].filter(concerns).map((incident) => ({ ...incident, plans: [] })),
      dismissed: [],
      information: [...information.kept, ...information.more].filter(concerns),
      ...(wanted?.value[0] === undefined ? {} : { about: { resource: wanted.value[0], ruledOut: reports.flatMap((r) => r.ruledOut) } }),
      unexplained: unexplainedByAny(reports)
        .filter((u) => namespaces.length === 0 || namespaces.includes(u.resource.namespace ?? ''))
        .filter((u) => meant === undefined || meant.has(refKey(u.resource))),
      incomplete: [...unreadable, ...summed(reports.flatMap((r) => r.incomplete))],
    },
  };
}

/** Nothing but the files is asked. */
const NOBODY: ConsultationAnswer = { ok: false, failure: { code: 'agent-unavailable', message: 'Of files no other agent is asked.' } };

/** The moment the files speak of: of manifests now, of a dump when it was made. */
function momentOf({ newest, written }: ObjectPile, now: number): number {
  if (newest === 0) return now;
  return written >= newest && written - newest <= FRESH_MS ? Math.min(written, now) : Math.min(newest + SOON_MS, now);
}

/** Of a dump it is known what is; of what people write also what does not fit together is worth saying. */
function checksOf(agent: Agent, pile: ObjectPile): Agent {
  return pile.isDump ? agent : { ...agent, checks: [...agent.checks, ...(agent.manifestChecks ?? [])] };
}

function examine(agent: Agent, pile: ObjectPile, name: string, now: number, about: ReadonlySet<string> | undefined): Report {
  const kinds = kindsOf(agent);
  const store = new ObjectStore(name, [...pile.objects.values(), ...pile.impliedKinds()]);
  store.setGaps(pile.gaps(kinds));
  const answer = fileFacts(pile);
  const facts = new Map<string, Fact | ConsultationAnswer>();
  for (let round = 1; ; round++) {
    const { report, wishes, consultations } = diagnose({
      agent,
      store,
      facts,
      now,
      version: round,
      ...(about === undefined ? {} : { about }),
    });
    if (wishes.length + consultations.length === 0 || round === MOST_ROUNDS) return report;
    for (const consultation of consultations) facts.set(consultationKey(consultation), NOBODY);
    for (const wish of wishes) facts.set(probeKey(wish), answer(wish));
  }
}

function fold(context: string, reports: readonly Report[], now: number): readonly Incident[] {
  const incidents = foldIncidents({
    context,
    findings: reports.flatMap((r) => r.findings).filter((f) => !isInformation(f)),
    relations: reports.flatMap((r) => r.relations),
    advice: new Map(reports.flatMap((r) => r.advice.map((a) => [a.fingerprint, a.text] as const))),
    planned: new Set(reports.flatMap((r) => r.drafts.map((d) => d.fingerprint))),
    previous: [],
    now,
  });
  // A plan needs a cluster to rehearse it; what it would do is worth saying.
  const drafts = new Map(reports.flatMap((r) => [...r.drafts].reverse().map((d) => [d.fingerprint, d.draft] as const)));
  return incidents.map((incident) => {
    const { code, resource, field } = incident.rootCause;
    const draft = drafts.get(fingerprint({ code, subject: resource, field }));
    return incident.advice !== undefined || draft === undefined ? incident : { ...incident, advice: draft.title };
  });
}

/** What is advised about an object that something else looks after is done there; in the object it would not last. */
function withManager(incident: Incident, pile: ObjectPile, now: number): Incident {
  const { advice, rootCause } = incident;
  const object = pile.objects.get(`${rootCause.resource.kind}/${objectKey(rootCause.resource)}`);
  const [manager] = object === undefined ? [] : managersOf(object as unknown as Json, [], now);
  if (advice === undefined || manager === undefined) return incident;
  const where = manager.putsBack
    ? 'which puts changes back: change it at its source'
    : 'so write it there as well, or the next release undoes it';
  return {
    ...incident,
    advice: `${/[.!?]$/.test(advice) ? advice : `${advice}.`} ${refWords(rootCause.resource)} is managed by ${manager.by} (${manager.name}), ${where}.`,
  };
}

/** The objects, and all that exist because of them. */
function kin(reports: readonly Report[], refs: readonly ResourceRef[]): ReadonlySet<string> {
  const owned = reports.flatMap((r) => r.relations).filter((r) => r.type === 'ownedBy');
  const seen = new Set(refs.map(refKey));
  for (let grew = true; grew;) {
    const before = seen.size;
    for (const { from, to } of owned) if (seen.has(refKey(from)) || seen.has(refKey(to))) seen.add(refKey(from)).add(refKey(to));
    grew = seen.size > before;
  }
  return seen;
}

const refsOf = (i: Incident): ResourceRef[] => [i.rootCause.resource, ...i.symptoms.map((s) => s.resource), ...i.affects];

/** What is not known for one reason is one sentence. */
function summed(all: readonly Incomplete[]): Incomplete[] {
  const byReason = new Map<string, Set<string>>();
  for (const { what, because } of all) {
    const plain = because.replace(/^cluster-unreachable: /, '');
    byReason.set(plain, (byReason.get(plain) ?? new Set()).add(what));
  }
  return [...byReason].map(([because, what]) => ({ what: [...what].join(', '), because }));
}

function nothingIn(name: string, troubles: readonly Trouble[]) {
  const [first] = troubles;
  return {
    code: 'bad-input' as const,
    message:
      first === undefined
        ? `There is no Kubernetes object in ${name}.`
        : `Nothing could be read from ${name}: ${troubles
            .slice(0, 3)
            .map((t) => `${t.what}: ${t.because}`)
            .join('; ')}.`,
    hint: 'Files are YAML or JSON manifests, dumps (kubectl get pods,deployments,… -A -o yaml), or support bundles (folders, .tar.gz).',
  };
}
